"""A column of a file that goes along with predictions: the texts of its cells, and their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from nntrain.data.array import Array
from nntrain.data.raw_column import RawColumn

__all__ = ["KeptColumn", "type_of"]

# An integer that has no other spelling.
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")

# Digits that fit into 64 bits whatever they are, and that DuckDB's largest integer of Parquet has.
DIGITS, MOST_DIGITS = 18, 38

# DuckDB's types for these integers, and for what columns of a text file are read as.
INTEGERS = ("BIGINT", "DECIMAL(38,0)")
TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "time": "TIMESTAMP", "text": "VARCHAR"}

# Types of DuckDB that Parquet has not, or not exactly.
STORED = {"HUGEINT": "DECIMAL(38,0)", "UHUGEINT": "DECIMAL(38,0)", "JSON": "VARCHAR", "UUID": "VARCHAR"}


@dataclass(frozen=True)
class KeptColumn(Sequence[object]):
    """A sequence of the ``texts`` as they are in the file, None where there is none.

    ``plain``: the same values as DuckDB spells them, None where they are missing; ``type``: DuckDB's type of them.
    """

    texts: Sequence[str | None]
    plain: Sequence[str | None]
    type: str

    @classmethod
    def stored(cls, texts: Sequence[str | None], type_: str) -> KeptColumn:
        """A column of a file that has types, of which this is one."""
        return cls(texts, texts, STORED.get(type_, "VARCHAR" if type_.startswith("ENUM") else type_))

    @classmethod
    def read(cls, texts: Sequence[str | None], column: RawColumn, type_: str) -> KeptColumn:
        """Cells of a text file, with what they were read as, in a column of the type of ``type_of``."""
        if type_ == "VARCHAR":
            return cls(texts, texts, type_)
        missing = column.missing
        if type_ in INTEGERS:
            plain = [None if gone else (text or "").strip() for text, gone in zip(texts, missing, strict=True)]
            return cls(texts, plain, type_)
        values = column.values.astype(bool) if column.kind == "boolean" else column.values
        return cls(texts, [None if gone else str(value) for value, gone in zip(values, missing, strict=True)], type_)

    @overload
    def __getitem__(self, index: int) -> str | None: ...
    @overload
    def __getitem__(self, index: slice) -> KeptColumn: ...
    def __getitem__(self, index: int | slice) -> str | KeptColumn | None:
        if isinstance(index, slice):
            return KeptColumn(self.texts[index], self.plain[index], self.type)
        return self.texts[index]

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.texts)

    def array(self) -> Array:
        """The values as HDF5 keeps them: numbers and booleans if none is missing, floats also then, else texts."""
        if self.type in ("DOUBLE", "FLOAT"):
            return np.array([np.nan if value is None else float(value) for value in self.plain])
        if None not in self.plain and self.type.endswith("INT"):
            return np.array([int(value or 0) for value in self.plain])
        if None not in self.plain and self.type == "BOOLEAN":
            return np.array([(value or "").lower() == "true" for value in self.plain])
        return np.array(self.plain, object)


def type_of(pieces: Iterable[tuple[Sequence[str | None], RawColumn]]) -> str:
    """DuckDB's type for a column of a text file, from its cells and what they were read as: integers of any length
    are exact.
    """
    kind, digits, known, whole = "text", 0, False, True
    for texts, column in pieces:
        kind = column.kind
        cells = [(text or "").strip() for text, gone in zip(texts, column.missing, strict=True) if not gone]
        known = known or bool(cells)
        digits = max([digits, *(len(text.lstrip("-")) for text in cells)])
        whole = whole and kind in ("number", "text") and all(map(INTEGER.fullmatch, cells))
    if known and whole and digits <= MOST_DIGITS:
        return INTEGERS[digits > DIGITS]
    return TYPES[kind] if known else "VARCHAR"
