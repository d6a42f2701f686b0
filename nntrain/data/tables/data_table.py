"""A table in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import map_parallel
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.tables.table_stream import TableStream


@dataclass(frozen=True)
class DataTable(TableStream):
    """Columns with one value per row."""

    path: str
    columns: dict[str, RawColumn]
    rows: int
    formats: Mapping[str, ColumnFormat] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    header: bool | None = None

    def take(self, index: Array) -> Self:
        # Converted once, as numpy would convert it for every column.
        rows = index.astype(np.intp, copy=False)
        columns = map_parallel(lambda column: column.take(rows), self.columns.values())
        return replace(self, columns=dict(zip(self.columns, columns, strict=True)), rows=len(index))

    def iterate_chunks(self, names: Sequence[str], row_bytes: int = 0) -> Iterator[Self]:
        yield self

    def read_sample(self) -> Self:
        return self
