"""Sizes of memory and of files in messages."""

from __future__ import annotations

__all__ = ["size_text"]


def size_text(size: float) -> str:
    """Bytes in the unit that gives few digits: 4.1 kB, 1.5 GB."""
    for unit in ("B", "kB", "MB", "GB"):
        if float(f"{size:.3g}") < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB" if size < 1000 else f"{size:,.0f} TB"
