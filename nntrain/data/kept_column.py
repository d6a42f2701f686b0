"""A column of a file that goes along with predictions: the texts of its cells, and their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from nntrain.data.array import Array
from nntrain.data.raw_column import RawColumn

__all__ = ["KeptColumn"]

# An integer that has no other spelling.
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")

# Digits that fit into 64 bits whatever they are, and that DuckDB's largest integer of Parquet has.
DIGITS, MOST_DIGITS = 18, 38

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
    def read(cls, texts: Sequence[str | None], column: RawColumn) -> KeptColumn:
        """A column of a text file, with what it was read as: integers of any length are exact."""
        missing = column.missing
        known = [(text or "").strip() for text, gone in zip(texts, missing, strict=True) if not gone]
        digits = max((len(text.lstrip("-")) for text in known), default=0)
        if column.kind in ("number", "text") and known and digits <= MOST_DIGITS and all(map(INTEGER.fullmatch, known)):
            plain = [None if gone else (text or "").strip() for text, gone in zip(texts, missing, strict=True)]
            return cls(texts, plain, "BIGINT" if digits <= DIGITS else "DECIMAL(38,0)")
        if column.kind == "text" or not known:
            return cls(texts, texts, "VARCHAR")
        values = column.values.astype(bool) if column.kind == "boolean" else column.values
        plain = [None if gone else str(value) for value, gone in zip(values, missing, strict=True)]
        return cls(texts, plain, {"number": "DOUBLE", "boolean": "BOOLEAN", "time": "TIMESTAMP"}[column.kind])

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
