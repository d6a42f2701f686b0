"""A column of a file that is written next to predictions: the texts of its cells, and their values."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self, overload

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn

# An integer in canonical form.
INTEGER_PATTERN = re.compile(r"-?(0|[1-9][0-9]*)")

# Number of digits that always fit into 64 bits, and of the largest integer type that DuckDB writes to Parquet.
BIGINT_DIGITS, MAX_DIGITS = 18, 38

# DuckDB's types for these integers, and for the kinds of columns of a text file.
INTEGER_TYPES = ("BIGINT", "DECIMAL(38,0)")
SQL_TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "time": "TIMESTAMP", "text": "VARCHAR"}

# DuckDB types that Parquet lacks, or stores inexactly.
STORED_TYPES = {"HUGEINT": "DECIMAL(38,0)", "UHUGEINT": "DECIMAL(38,0)", "JSON": "VARCHAR", "UUID": "VARCHAR"}


@dataclass(frozen=True)
class PassthroughColumn(Sequence[object]):
    """A sequence of the ``texts`` in the file, None for an empty cell.

    ``values``: the same in DuckDB's notation, None if missing; ``type``: their DuckDB type.
    """

    texts: Sequence[str | None]
    values: Sequence[str | None]
    type: str

    @classmethod
    def build(cls, texts: Sequence[str | None], type_: str, column: RawColumn | None = None) -> Self:
        """Build a column of a file with typed columns, or of a text file from its cells and their values.

        ``type_``: the stored type, or that of ``infer_text_type``.
        """
        if column is None or type_ == "VARCHAR":
            return cls(texts, texts, STORED_TYPES.get(type_, "VARCHAR" if type_.startswith("ENUM") else type_))
        missing = column.missing
        if type_ in INTEGER_TYPES:
            plain = [None if empty else (text or "").strip() for text, empty in zip(texts, missing, strict=True)]
            return cls(texts, plain, type_)
        values = column.values.astype(bool) if column.kind == "boolean" else column.values
        return cls(texts, [None if empty else str(value) for value, empty in zip(values, missing, strict=True)], type_)

    @overload
    def __getitem__(self, index: int) -> str | None: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> str | Self | None:
        if isinstance(index, slice):
            return type(self)(self.texts[index], self.values[index], self.type)
        return self.texts[index]

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.texts)

    def to_array(self) -> Array:
        """Convert the values for HDF5: floats, integers and booleans if none is missing, else strings."""
        if self.type in ("DOUBLE", "FLOAT"):
            return np.array([np.nan if value is None else float(value) for value in self.values])
        if None not in self.values and self.type.endswith("INT"):
            return np.array([int(value or 0) for value in self.values])
        if None not in self.values and self.type == "BOOLEAN":
            return np.array([(value or "").lower() == "true" for value in self.values])
        return np.array(self.values, object)


def infer_text_type(chunks: Iterable[tuple[Sequence[str | None], RawColumn]]) -> str:
    """Infer the DuckDB type of a column of a text file from its cells and their values: long integers stay exact."""
    kind, digits, known, is_integer = "text", 0, False, True
    for texts, column in chunks:
        kind = column.kind
        cells = [(text or "").strip() for text, empty in zip(texts, column.missing, strict=True) if not empty]
        known = known or bool(cells)
        digits = max([digits, *(len(text.lstrip("-")) for text in cells)])
        is_integer = is_integer and kind in ("number", "text") and all(map(INTEGER_PATTERN.fullmatch, cells))
    if known and is_integer and digits <= MAX_DIGITS:
        return INTEGER_TYPES[digits > BIGINT_DIGITS]
    return SQL_TYPES[kind] if known else "VARCHAR"
