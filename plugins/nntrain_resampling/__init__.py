"""Resampling layers, one class a file."""
