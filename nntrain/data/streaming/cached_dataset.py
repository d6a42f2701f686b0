"""Encoded rows in a cache file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.sampler import Sampler
from nntrain.data.streaming.block_sampler import BlockSampler

__all__ = ["CachedDataset"]


@dataclass(frozen=True)
class CachedDataset(Dataset):
    """A dataset of ``CachedArray``s. ``block``: the number of rows that are stored next to each other."""

    is_streamed: ClassVar[bool] = True

    block: int

    def create_sampler(self, seed: int, max_rows: int, convert: Callable[[Array], Array]) -> Sampler:
        return BlockSampler(self, seed, max_rows, convert)
