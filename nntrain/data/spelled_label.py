"""The name of a class or label, as tables and sentences print it."""

from __future__ import annotations

__all__ = ["spelled_label"]


def spelled_label(label: str) -> str:
    """The label as it is; in quotes, on one line, where it would be misread between others."""
    plain = label.isprintable() and label == label.strip() and ", " not in label and label
    return label if plain else repr(label)
