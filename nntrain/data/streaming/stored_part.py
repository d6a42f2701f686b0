"""Encoded rows in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nntrain.data.part import Part

__all__ = ["StoredPart"]


@dataclass(frozen=True)
class StoredPart(Part):
    """Datasets in the place of arrays: they have a shape and a type, and slices of them are arrays.

    ``block``: the rows that lie together in the file ``path``, which is open as long as ``file`` is kept.
    """

    block: int
    path: str
    file: Any
