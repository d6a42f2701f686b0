"""A dataset whose rows have fields, as numpy writes a structured array: a table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nntrain.data.array import Array
from nntrain.data.stores.cell_values import typed
from nntrain.data.stores.stored_table import StoredTable, is_boolean
from nntrain.hdf5.guard import check_dataset
from nntrain.hdf5.opened import Problem

if TYPE_CHECKING:
    import h5py

__all__ = ["RowsOfFields"]


class RowsOfFields(StoredTable):
    """A column for each field; of a field of k numbers, the columns NAME[0] to NAME[k - 1]."""

    def __init__(self, dataset: h5py.Dataset, problem: Problem) -> None:
        check_dataset(dataset, problem, fields=True)
        if len(dataset.shape) != 1:
            raise problem(f"{dataset.name}: has the shape {dataset.shape}; expected rows along one axis")
        self.dataset = dataset
        self.rows = len(dataset)
        kept = dataset.id.get_type()
        self.booleans = {
            name: is_boolean(kept.get_member_type(index)) for index, name in enumerate(dataset.dtype.names)
        }
        self.names = [label for name in dataset.dtype.names for label, _ in self._columns(name)]

    def block(self, begin: int, end: int) -> list[Array]:
        rows = self.dataset[begin:end]
        columns = []
        for name in self.dataset.dtype.names:
            values = rows[name].reshape(len(rows), -1)
            columns += [typed(values[:, place], boolean=self.booleans[name]) for _, place in self._columns(name)]
        return columns

    def _columns(self, name: str) -> Iterator[tuple[str, int]]:
        """The label of each column of a field, with its place in the field."""
        shape = self.dataset.dtype[name].shape
        for place in range(math.prod(shape)):
            yield (f"{name}[{place}]" if shape else name), place
