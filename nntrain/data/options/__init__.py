"""Options for files, columns, targets and rows."""
