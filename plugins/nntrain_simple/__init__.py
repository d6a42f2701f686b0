"""Simple layers, one class a file."""
