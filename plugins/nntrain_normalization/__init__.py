"""Normalizations, one class a file."""
