"""Criterions, one class a file."""
