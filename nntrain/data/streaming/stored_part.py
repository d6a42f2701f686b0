"""Encoded rows in a file."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.data.part import Part

__all__ = ["StoredPart"]


@dataclass(frozen=True)
class StoredPart(Part):
    """``StoredArray``s in the place of arrays. ``block``: the rows that are next to each other in the file."""

    block: int
