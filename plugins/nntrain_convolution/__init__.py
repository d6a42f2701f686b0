"""Convolutions, one class a file."""
