"""Containers, one class a file."""
