"""Normalizations, one class per file."""
