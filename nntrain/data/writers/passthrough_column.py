"""A column of a file that goes along with predictions: the texts of its cells, and their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn

__all__ = ["PassthroughColumn", "infer_sql_type"]

# An integer that has no other spelling.
INTEGER_PATTERN = re.compile(r"-?(0|[1-9][0-9]*)")

# Digits that fit into 64 bits whatever they are, and that DuckDB's largest integer of Parquet has.
BIGINT_DIGITS, MAX_DIGITS = 18, 38

# DuckDB's types for these integers, and for what columns of a text file are read as.
INTEGER_TYPES = ("BIGINT", "DECIMAL(38,0)")
SQL_TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "time": "TIMESTAMP", "text": "VARCHAR"}

# Types of DuckDB that Parquet has not, or not exactly.
STORED_TYPES = {"HUGEINT": "DECIMAL(38,0)", "UHUGEINT": "DECIMAL(38,0)", "JSON": "VARCHAR", "UUID": "VARCHAR"}


@dataclass(frozen=True)
class PassthroughColumn(Sequence[object]):
    """A sequence of the ``texts`` as they are in the file, None where there is none.

    ``plain``: the same values as DuckDB spells them, None where they are missing; ``type``: DuckDB's type of them.
    """

    texts: Sequence[str | None]
    values: Sequence[str | None]
    type: str

    @classmethod
    def from_stored(cls, texts: Sequence[str | None], type_: str) -> PassthroughColumn:
        """A column of a file that has types, of which this is one."""
        return cls(texts, texts, STORED_TYPES.get(type_, "VARCHAR" if type_.startswith("ENUM") else type_))

    @classmethod
    def from_texts(cls, texts: Sequence[str | None], column: RawColumn, type_: str) -> PassthroughColumn:
        """Cells of a text file, with what they were read as, in a column of the type of ``infer_sql_type``."""
        if type_ == "VARCHAR":
            return cls(texts, texts, type_)
        missing = column.missing
        if type_ in INTEGER_TYPES:
            plain = [None if gone else (text or "").strip() for text, gone in zip(texts, missing, strict=True)]
            return cls(texts, plain, type_)
        values = column.values.astype(bool) if column.kind == "boolean" else column.values
        return cls(texts, [None if gone else str(value) for value, gone in zip(values, missing, strict=True)], type_)

    @overload
    def __getitem__(self, index: int) -> str | None: ...
    @overload
    def __getitem__(self, index: slice) -> PassthroughColumn: ...
    def __getitem__(self, index: int | slice) -> str | PassthroughColumn | None:
        if isinstance(index, slice):
            return PassthroughColumn(self.texts[index], self.values[index], self.type)
        return self.texts[index]

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.texts)

    def to_array(self) -> Array:
        """The values as HDF5 keeps them: numbers and booleans if none is missing, floats also then, else texts."""
        if self.type in ("DOUBLE", "FLOAT"):
            return np.array([np.nan if value is None else float(value) for value in self.values])
        if None not in self.values and self.type.endswith("INT"):
            return np.array([int(value or 0) for value in self.values])
        if None not in self.values and self.type == "BOOLEAN":
            return np.array([(value or "").lower() == "true" for value in self.values])
        return np.array(self.values, object)


def infer_sql_type(pieces: Iterable[tuple[Sequence[str | None], RawColumn]]) -> str:
    """DuckDB's type for a column of a text file, from its cells and what they were read as: integers of any length
    are exact.
    """
    kind, digits, known, whole = "text", 0, False, True
    for texts, column in pieces:
        kind = column.kind
        cells = [(text or "").strip() for text, gone in zip(texts, column.missing, strict=True) if not gone]
        known = known or bool(cells)
        digits = max([digits, *(len(text.lstrip("-")) for text in cells)])
        whole = whole and kind in ("number", "text") and all(map(INTEGER_PATTERN.fullmatch, cells))
    if known and whole and digits <= MAX_DIGITS:
        return INTEGER_TYPES[digits > BIGINT_DIGITS]
    return SQL_TYPES[kind] if known else "VARCHAR"
