"""Findings about the data before training: leakage, identifiers, duplicates, codes of missing values."""
