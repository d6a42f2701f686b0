"""A structured array of NumPy as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.stores.cell_values import convert_values
from nntrain.data.stores.stored_table import StoredTable, check_width, get_pandas_type, get_row_bytes
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import check_dataset
from nntrain.hdf5.texts import read_fields

if TYPE_CHECKING:
    import h5py


@dataclass(frozen=True)
class FieldSource:
    """The source of a column: a position in a field, and categories if its values are codes."""

    field: str
    position: int
    type: str
    missing: str = ""
    categories: Array | None = None

    def read(self, fields: Mapping[str, Array], budget: Budget) -> Array:
        """Return the values of the column."""
        values = fields[self.field][:, self.position]
        if self.categories is None:
            return convert_values(values, budget, self.type, self.missing)
        codes = values.astype(np.int64)
        return np.append(self.categories, [None])[np.where(codes < 0, len(self.categories), codes)]


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
        sizes = {name: math.prod(dataset.dtype[name].shape) for name in dataset.dtype.names}
        check_width(sum(sizes.values()), dataset, problem)
        kept = dataset.id.get_type()
        self.sources = []
        self.names = []
        for index, (name, size) in enumerate(sizes.items()):
            type_ = get_pandas_type(kept.get_member_type(index))
            self.sources += [FieldSource(name, position, type_) for position in range(size)]
            self.names += [f"{name}[{place}]" for place in range(size)] if dataset.dtype[name].shape else [name]

    def block(self, begin: int, end: int) -> list[Array]:
        budget = Budget.of(self.dataset, self.problem)
        rows = read_fields(self.dataset, begin, end, budget)
        fields = {name: rows[name].reshape(len(rows), -1) for name in self.dataset.dtype.names}
        return [source.read(fields, budget) for source in self.sources]
