"""What a user may set about files, columns, targets and rows."""
