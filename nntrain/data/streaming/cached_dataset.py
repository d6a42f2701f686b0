"""Encoded rows in a file."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.data.dataset import Dataset

__all__ = ["CachedDataset"]


@dataclass(frozen=True)
class CachedDataset(Dataset):
    """``CachedArray``s in the place of arrays. ``block``: the rows that are next to each other in the file."""

    block: int
