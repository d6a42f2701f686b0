"""A structured array of NumPy as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nntrain.compute.array import Array
from nntrain.data.stores.cell_values import convert_values
from nntrain.data.stores.stored_table import StoredTable, check_width, get_row_bytes, is_boolean
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import check_dataset
from nntrain.hdf5.texts import read_fields

if TYPE_CHECKING:
    import h5py


class StructuredArrayTable(StoredTable):
    """A column for each field; for a field of k numbers, the columns NAME[0] to NAME[k - 1]."""

    def __init__(self, dataset: h5py.Dataset, problem: ErrorFactory) -> None:
        check_dataset(dataset, problem, fields=True)
        if len(dataset.shape) != 1:
            raise problem(f"{dataset.name}: has the shape {dataset.shape}; expected rows along one axis")
        self.dataset = dataset
        self.problem = problem
        self.row_bytes = get_row_bytes([dataset])
        self.rows = len(dataset)
        kept = dataset.id.get_type()
        self.booleans = {
            name: is_boolean(kept.get_member_type(index)) for index, name in enumerate(dataset.dtype.names)
        }
        check_width(sum(math.prod(dataset.dtype[name].shape) for name in dataset.dtype.names), dataset, problem)
        self.sources = [
            (name, position, f"{name}[{position}]" if dataset.dtype[name].shape else name)
            for name in dataset.dtype.names
            for position in range(math.prod(dataset.dtype[name].shape))
        ]
        self.names = [label for *_, label in self.sources]

    def block(self, begin: int, end: int) -> list[Array]:
        budget = Budget.of(self.dataset, self.problem)
        rows = read_fields(self.dataset, begin, end, budget)
        fields = {name: rows[name].reshape(len(rows), -1) for name in self.booleans}
        return [
            convert_values(fields[name][:, position], budget, boolean=self.booleans[name])
            for name, position, _ in self.sources
        ]
