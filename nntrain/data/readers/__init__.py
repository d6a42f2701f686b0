"""Readers of files of rows."""
