"""Linear layers and lookup tables."""
