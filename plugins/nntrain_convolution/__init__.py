"""Convolutions, one class per file."""
