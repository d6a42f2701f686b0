"""CSV files: text, dialect, header, numbers."""
