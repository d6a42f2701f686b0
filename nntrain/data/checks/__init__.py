"""Checks of the data before training: leakage, IDs, duplicates, sentinels for missing values."""
