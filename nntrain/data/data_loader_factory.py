"""Batches of a part, wherever its rows are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nntrain.data.data_loader import DataLoader
from nntrain.data.dataset import Dataset
from nntrain.data.streaming.cached_dataset import CachedDataset
from nntrain.data.streaming.streamed_data_loader import StreamedDataLoader

__all__ = ["create_data_loader"]


def create_data_loader(dataset: Dataset, batch_size: int, seed: int, convert: Callable[[Any], Any]) -> DataLoader:
    """Shuffled batches in the type of numbers that ``convert`` gives arrays: from memory, or from the file."""
    if isinstance(dataset, CachedDataset):
        return StreamedDataLoader(dataset, batch_size, seed, convert)
    return DataLoader(dataset.full_batch.with_arrays(map(convert, dataset.full_batch.arrays)), batch_size, seed)
