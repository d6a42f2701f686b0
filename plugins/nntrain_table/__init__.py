"""Table layers, one class a file."""
