"""The rows of another file as a trained network reads them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.file_state import check_unchanged
from nntrain.data.loading import DEFAULT_GROUP
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.readers.data_reader import DataReader
from nntrain.errors import DataError
from nntrain.training.trained_network import TrainedNetwork


@dataclass(frozen=True)
class FileRows:
    """The rows as they were read, and encoded. ``row_indices`` (N,): the rows of the file, from 0.

    They are None if rows without a target were dropped.
    """

    raw: RawDataset
    dataset: Dataset
    row_indices: Array | None


def read_rows(path: Path, network: TrainedNetwork, *, need_targets: bool) -> FileRows:
    """Read and encode the rows of a file. DataError if targets are needed and missing, or if there are no rows."""
    with check_unchanged(path):
        found = DataReader().read_rows(
            path, network.preprocessor, None, None, None, DEFAULT_GROUP, need_targets=need_targets
        )
        (raw,) = found.iterate_chunks(network.preprocessor)
        dataset = raw.encode(network.preprocessor, need_targets=need_targets)
    if not dataset.rows:
        raise DataError(f"{path}: no rows{' with targets' if need_targets else ''}")
    # Dropped rows are a note of the rows that were read, but not of their chunk.
    return FileRows(raw, dataset, None if found.notes else np.arange(dataset.rows))
