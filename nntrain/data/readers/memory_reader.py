"""Reads files into memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from nntrain.data.dims import Dims
from nntrain.data.options.read_options import ReadOptions
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables.data_table import DataTable


class MemoryReader(DataReader):
    """A table or an array is one chunk."""

    def read_table(self, path: Path, options: ReadOptions | None = None, *, only: Collection[str] = ()) -> DataTable:
        return read_table(path, options, only=only)

    def read_arrays(
        self, path: Path, inputs: str | None, targets: str | None, dims: Dims | None, others: Sequence[str] = ()
    ) -> Mapping[str, RawArrayDataset]:
        splits = read_hdf5(path, inputs=inputs, targets=targets, others=others).splits
        return RawArrayDataset.from_splits(path, splits, dims)

    def check_row_count(self, path: Path | str, rows: int) -> None:
        """The rows are in memory already."""
