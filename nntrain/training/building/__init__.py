"""Build a trainer from a config."""
