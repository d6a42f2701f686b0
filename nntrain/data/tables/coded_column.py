"""A column of strings as codes: indices into a list of labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import DTypeLike

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream, find_distinct


class CodedColumn(RawColumn):
    """Row i has the string ``labels[codes[i]]``, or None if it is missing. Labels may have no row.

    Methods compute per label instead of per row, as labels are mostly few.
    """

    codes: Array
    labels: Array

    def __init__(self, name: str, codes: Array, labels: Array) -> None:
        # Sets the fields of a frozen dataclass; ``values`` is computed on first use.
        self.__dict__.update(name=name, kind="text", codes=codes, labels=labels)

    @cached_property
    def values(self) -> Array:
        """The string of every row."""
        return self.labels[self.codes]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def missing(self) -> Array:
        return np.array([label is None for label in self.labels], bool)[self.codes]

    def is_all(self, first: RawColumn) -> bool:
        return bool((self.labels == first.values[0])[self.codes].all())

    def take(self, index: Array) -> CodedColumn:
        return CodedColumn(self.name, self.codes[index], self.labels)

    def count_values(self) -> Counter[str | None]:
        counts: Counter[str | None] = Counter()
        for label, count in zip(self.labels, np.bincount(self.codes, minlength=len(self.labels)).tolist(), strict=True):
            if count:
                counts[label] += count
        return counts

    def map_values(self, numbers: Mapping[Any, int], default: int, dtype: DTypeLike = np.int64) -> Array:
        """Return the number of every row's string; ``default`` for strings that are not in ``numbers``."""
        return np.array([numbers.get(label, default) for label in self.labels], dtype)[self.codes]

    def merge_labels(self) -> CodedColumn:
        """Return the column with distinct labels."""
        numbers: dict[Any, int] = {}
        codes = np.array([numbers.setdefault(label, len(numbers)) for label in self.labels], self.codes.dtype)
        if len(numbers) == len(self.labels):
            return self
        return CodedColumn(self.name, codes[self.codes], np.array([*numbers, None], object)[:-1])


@overload
def to_text(raw: RawColumn) -> RawColumn: ...
@overload
def to_text(raw: ValueStream) -> ValueStream: ...
def to_text(raw: ValueStream) -> ValueStream:
    """Return the values as strings: 3.0 as '3', a boolean as 'true' or 'false', a time in ISO 8601."""
    return raw if raw.kind == "text" else raw.map("text", format_values)


def format_values(raw: RawColumn) -> CodedColumn:
    """Return numbers, booleans or times as strings, each distinct value once."""
    distinct, inverse = find_distinct(raw.values)
    labels = np.array([format_value(value, raw.kind) for value in distinct], dtype=object)
    return CodedColumn(raw.name, inverse.reshape(-1), labels)


def format_value(value: np.generic, kind: ValueKind) -> str | None:
    """Return a value as a string; None for a missing one."""
    if np.isnan(value) if kind != "time" else np.isnat(value):
        return None
    if kind == "time":
        return str(value)
    if kind == "boolean":
        return "true" if value else "false"
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


def factorize(raw: RawColumn) -> CodedColumn:
    """Return a column of strings as codes, its labels in order of first occurrence."""
    if isinstance(raw, CodedColumn):
        return raw
    numbers: defaultdict[Any, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    codes = np.fromiter(map(numbers.__getitem__, raw.values), np.int32, len(raw.values))
    labels = np.empty(len(numbers), object)
    labels[:] = list(numbers)
    return CodedColumn(raw.name, codes, labels)
