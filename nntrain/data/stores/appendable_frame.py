"""A DataFrame written by pandas with ``to_hdf(format="table")``.

Source: the layout of files written by pandas. The dataset ``table`` has rows of fields: the index, blocks of columns
of one type (``values_block_0``, ...), and single columns. Attributes name the columns and their types; the categories
of a column are a table of their own under ``meta``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.stores.pandas_attributes import read_pandas_attribute, read_pandas_text, to_column_names
from nntrain.data.stores.stored_table import build_index_notes
from nntrain.data.stores.structured_array_table import FieldSource, StructuredArrayTable
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import find_item, get_member

if TYPE_CHECKING:
    import h5py

# The default text for a missing string in pandas.
DEFAULT_MISSING = "nan"


class AppendableFrame(StructuredArrayTable):
    """The columns in their order, after the index if it has a name."""

    def __init__(self, group: h5py.Group, problem: ErrorFactory) -> None:
        import h5py

        table = get_member(group, "table", problem)
        if not isinstance(table, h5py.Dataset) or table.dtype.names is None:
            raise problem(f"{group.name}: has no dataset 'table' of rows with fields")
        super().__init__(table, problem)
        self.group = group
        found = (self._columns(field) for field in table.dtype.names if field != "index")
        fields = {name: source for columns in found for name, source in columns.items()}
        sources = {name: fields[name] for name in (*self._order(), *fields) if name in fields}
        named, kind = self._index_name(), read_pandas_text(table, "index_kind", problem)
        if named is None:
            self.notes = build_index_notes(kind)
        elif named in fields:
            raise problem(f"{group.name}: the index and a column are both named {named!r}; rename one of them")
        else:
            sources = {named: FieldSource("index", 0, kind, DEFAULT_MISSING)} | sources
        self.names, self.sources = list(sources), list(sources.values())

    def _columns(self, field: str) -> dict[str, FieldSource]:
        """Return the columns of a field by name."""
        read = partial(read_pandas_attribute, self.dataset, problem=self.problem)
        names = to_column_names(read(f"{field}_kind"), f"{self.dataset.name}: {field}", self.problem)
        size = int(np.prod(self.dataset.dtype[field].shape))
        if len(names) != size:
            raise self.problem(f"{self.dataset.name}: {len(names)} names for the {size} columns of {field}")
        type_ = read_pandas_text(self.dataset, f"{field}_dtype", self.problem)
        missing = read(f"{field}_nan_rep") or read_pandas_attribute(self.group, "nan_rep", self.problem)
        missing = missing if isinstance(missing, str) else DEFAULT_MISSING
        categories = self._categories(field) if read(f"{field}_meta") == "category" else None
        return {name: FieldSource(field, position, type_, missing, categories) for position, name in enumerate(names)}

    def _categories(self, field: str) -> Array:
        """Return the categories of a field, as strings."""
        item = find_item(self.group, f"meta/{field}/meta", self.problem)
        if item is None:
            raise self.problem(f"{self.group.name}: has no categories for {field}")
        stored = AppendableFrame(item, self.problem)
        (values,) = stored.block(0, stored.rows)
        return np.array([value if isinstance(value, str) else str(value) for value in values.tolist()], object)

    def _order(self) -> list[str]:
        """Return the column names in the order of the DataFrame; none if they are not stored."""
        axes = read_pandas_attribute(self.group, "non_index_axes", self.problem)
        if isinstance(axes, list) and len(axes) == 1 and isinstance(axes[0], tuple) and len(axes[0]) == 2:
            return to_column_names(axes[0][1], f"{self.group.name}: non_index_axes", self.problem)
        return []

    def _index_name(self) -> str | None:
        info = read_pandas_attribute(self.group, "info", self.problem)
        index = info.get("index") if isinstance(info, dict) else None
        name = index.get("index_name") if isinstance(index, dict) else None
        return name if isinstance(name, str) else None
