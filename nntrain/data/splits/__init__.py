"""Splits of rows into training, validation and test sets."""
