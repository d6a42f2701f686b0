"""Criterions, one class per file."""
