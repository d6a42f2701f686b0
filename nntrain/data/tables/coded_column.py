"""A column of strings as codes: indices into a list of labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn


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

    def to_text(self) -> CodedColumn:
        return self

    def merge_labels(self) -> CodedColumn:
        """Return the column with distinct labels."""
        numbers: dict[Any, int] = {}
        codes = np.array([numbers.setdefault(label, len(numbers)) for label in self.labels], self.codes.dtype)
        if len(numbers) == len(self.labels):
            return self
        return CodedColumn(self.name, codes[self.codes], np.array([*numbers, None], object)[:-1])


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
