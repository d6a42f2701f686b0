"""Import and export of Torch7's .t7 files."""
