"""Normalized column names."""


def normalize_name(name: str) -> str:
    """Strip whitespace around a name, and replace each whitespace inside by one space."""
    return " ".join(name.split())
