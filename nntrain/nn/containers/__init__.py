"""Containers, one class per file."""
