"""Datasets of one length in a group: a table with a column for each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from nntrain.compute.array import Array
from nntrain.data.stores.cell_values import convert_values, decode_texts
from nntrain.data.stores.stored_table import StoredTable, get_pandas_type, get_row_bytes
from nntrain.errors import NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import check_dataset, read_attribute
from nntrain.hdf5.texts import read_texts

if TYPE_CHECKING:
    import h5py


class ColumnDatasets(StoredTable):
    """The name of a column is that of its dataset, or the attribute ``name`` that ``nntrain predict`` writes."""

    def __init__(self, datasets: Sequence[h5py.Dataset], problem: ErrorFactory) -> None:
        budget = Budget.of(datasets[0], problem)
        for dataset in datasets:
            check_dataset(dataset, problem)
            # Links may give one dataset many names, each of which is a column.
            budget.charge(dataset.id.get_storage_size(), "its columns, each once per name,")
        self.datasets = datasets
        self.problem = problem
        self.names = [read_column_name(dataset, problem) for dataset in datasets]
        self.rows = len(datasets[0])
        self.row_bytes = get_row_bytes(datasets)

    def block(self, begin: int, end: int) -> list[Array]:
        budget = Budget.of(self.datasets[0], self.problem)
        return [self._values(dataset, begin, end, budget) for dataset in self.datasets]

    def _values(self, dataset: h5py.Dataset, begin: int, end: int, budget: Budget) -> Array:
        if dataset.dtype.kind == "O":
            return decode_texts(read_texts(dataset, self.problem, begin, end, budget), budget)
        return convert_values(dataset[begin:end].reshape(-1), budget, get_pandas_type(dataset.id.get_type()))


def read_column_name(dataset: h5py.Dataset, problem: ErrorFactory) -> str:
    """Return the name of a column."""
    with suppress(NntrainError):
        name = read_attribute(dataset, "name", problem)
        if isinstance(name, str) and name.replace("/", "_").strip(".") in dataset.name:
            return name
    return str(dataset.name).rpartition("/")[2]
