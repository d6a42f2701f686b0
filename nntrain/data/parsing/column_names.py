"""The names of columns, as they are compared."""

from __future__ import annotations

__all__ = ["normalize_name"]


def normalize_name(name: str) -> str:
    """A name without the spaces around it, and with one space where it has several, or a line break."""
    return " ".join(name.split())
