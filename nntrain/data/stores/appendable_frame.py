"""A DataFrame written by pandas with ``to_hdf(format="table")``.

Source: the layout of files written by pandas. The dataset ``table`` has rows of fields: the index, blocks of columns
of one type (``values_block_0``, ...), and single columns. Attributes name the columns and their types; the categories
of a column are a table of their own under ``meta``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.stores.cell_values import convert_times, convert_values, decode_texts
from nntrain.data.stores.pandas_attributes import read_pandas_attribute, read_pandas_text, to_column_names
from nntrain.data.stores.stored_table import StoredTable, build_index_notes, get_row_bytes
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import check_dataset, get_member
from nntrain.hdf5.texts import read_fields

if TYPE_CHECKING:
    import h5py

# The default text for a missing string in pandas.
DEFAULT_MISSING = "nan"


@dataclass(frozen=True)
class FieldSource:
    """The source of a column: a position in a field, and categories if its values are codes."""

    field: str
    position: int
    type: str
    missing: str = DEFAULT_MISSING
    categories: Array | None = None


class AppendableFrame(StoredTable):
    """The columns in their order, after the index if it has a name."""

    def __init__(self, group: h5py.Group, problem: ErrorFactory) -> None:
        import h5py

        self.group = group
        self.problem = problem
        table = get_member(group, "table", problem)
        if not isinstance(table, h5py.Dataset) or table.dtype.names is None:
            raise problem(f"{group.name}: has no dataset 'table' of rows with fields")
        check_dataset(table, problem, fields=True)
        self.table = table
        self.rows = len(table)
        self.row_bytes = get_row_bytes([table])
        found = (self._columns(field) for field in table.dtype.names if field != "index")
        fields = {name: source for columns in found for name, source in columns.items()}
        self.sources = {name: fields[name] for name in (*self._order(), *fields) if name in fields}
        named, kind = self._index_name(), read_pandas_text(table, "index_kind", problem)
        if named is None:
            self.notes = build_index_notes(kind)
        elif named in fields:
            raise problem(f"{group.name}: the index and a column are both named {named!r}; rename one of them")
        else:
            self.sources = {named: FieldSource("index", 0, kind)} | self.sources
        self.names = list(self.sources)

    def block(self, begin: int, end: int) -> list[Array]:
        budget = Budget.of(self.table, self.problem)
        rows = read_fields(self.table, begin, end, budget)
        blocks = {name: rows[name].reshape(len(rows), -1) for name in self.table.dtype.names}
        sources = self.sources.values()
        return [self._typed(blocks[source.field][:, source.position], source, budget) for source in sources]

    def _columns(self, field: str) -> dict[str, FieldSource]:
        """Return the columns of a field by name."""
        names = to_column_names(
            read_pandas_attribute(self.table, f"{field}_kind", self.problem),
            f"{self.table.name}: {field}",
            self.problem,
        )
        size = int(np.prod(self.table.dtype[field].shape))
        if len(names) != size:
            raise self.problem(f"{self.table.name}: {len(names)} names for the {size} columns of {field}")
        type_ = read_pandas_text(self.table, f"{field}_dtype", self.problem)
        missing = read_pandas_attribute(self.table, f"{field}_nan_rep", self.problem) or read_pandas_attribute(
            self.group, "nan_rep", self.problem
        )
        missing = missing if isinstance(missing, str) else DEFAULT_MISSING
        coded = read_pandas_text(self.table, f"{field}_meta", self.problem) == "category"
        categories = self._categories(field) if coded else None
        return {name: FieldSource(field, position, type_, missing, categories) for position, name in enumerate(names)}

    def _categories(self, field: str) -> Array:
        """Return the categories of a field, as strings."""
        item: Any = self.group
        for step in ("meta", field, "meta"):
            item = get_member(item, step, self.problem) if item is not None else None
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

    def _typed(self, values: Array, source: FieldSource, budget: Budget) -> Array:
        if source.categories is not None:
            codes = values.astype(np.int64)
            return np.append(source.categories, [None])[np.where(codes < 0, len(source.categories), codes)]
        if values.dtype.kind == "S":
            return decode_texts(values, budget, source.missing)
        return convert_values(convert_times(values, source.type), budget, boolean=source.type == "bool")
