"""Resampling layers, one class per file."""
