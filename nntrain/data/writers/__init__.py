"""Files of rows that are written."""
