"""Datasets of one length in a group: a table with a column each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from nntrain.data.array import Array
from nntrain.data.stores.cell_values import decoded, typed
from nntrain.data.stores.stored_table import StoredTable, is_boolean, row_bytes
from nntrain.errors import NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.guard import attribute, check_dataset
from nntrain.hdf5.opened import Problem
from nntrain.hdf5.texts import read_texts

if TYPE_CHECKING:
    import h5py

__all__ = ["ColumnDatasets"]


class ColumnDatasets(StoredTable):
    """A column is named as its dataset, or as the attribute ``name`` of it that ``nntrain predict`` writes."""

    def __init__(self, datasets: Sequence[h5py.Dataset], problem: Problem) -> None:
        budget = Budget.of(datasets[0], problem)
        for dataset in datasets:
            check_dataset(dataset, problem)
            # Links may give one dataset many names, and each is a column.
            budget.charge(dataset.id.get_storage_size(), "its columns, each as often as it has a name,")
        self.datasets = datasets
        self.problem = problem
        self.names = [name_of(dataset, problem) for dataset in datasets]
        self.rows = len(datasets[0])
        self.row_bytes = row_bytes(datasets)

    def block(self, begin: int, end: int) -> list[Array]:
        budget = Budget.of(self.datasets[0], self.problem)
        return [self._values(dataset, begin, end, budget) for dataset in self.datasets]

    def _values(self, dataset: h5py.Dataset, begin: int, end: int, budget: Budget) -> Array:
        if dataset.dtype.kind == "O":
            return decoded(read_texts(dataset, self.problem, begin, end, budget), budget)
        return typed(dataset[begin:end].reshape(-1), budget, boolean=is_boolean(dataset.id.get_type()))


def name_of(dataset: h5py.Dataset, problem: Problem) -> str:
    """The name of a column."""
    with suppress(NntrainError):
        said = attribute(dataset, "name", problem)
        if isinstance(said, str) and said.replace("/", "_").strip(".") in dataset.name:
            return said
    return str(dataset.name).rpartition("/")[2]
