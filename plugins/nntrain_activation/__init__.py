"""Transfer functions, one class a file."""
