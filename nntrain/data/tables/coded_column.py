"""A column of texts by the places of its values in a list of the different ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn

__all__ = ["CodedColumn", "factorize"]


class CodedColumn(RawColumn):
    """Row i has the text ``labels[codes[i]]``; the label of a missing one is None. Some labels may have no row.

    What is asked of each row is asked of each label instead, of which there mostly are few.
    """

    codes: Array
    labels: Array

    def __init__(self, name: str, codes: Array, labels: Array) -> None:
        # The fields of a frozen dataclass, whose ``values`` are made when they are asked for.
        self.__dict__.update(name=name, kind="text", codes=codes, labels=labels)

    @cached_property
    def values(self) -> Array:
        """The text of every row."""
        return self.labels[self.codes]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def missing(self) -> Array:
        return np.array([label is None for label in self.labels], bool)[self.codes]

    def holds_only(self, first: RawColumn) -> bool:
        return bool((self.labels == first.values[0])[self.codes].all())

    def take(self, index: Array) -> CodedColumn:
        return CodedColumn(self.name, self.codes[index], self.labels)

    def count_values(self) -> Counter[str | None]:
        found: Counter[str | None] = Counter()
        for label, count in zip(self.labels, np.bincount(self.codes, minlength=len(self.labels)).tolist(), strict=True):
            if count:
                found[label] += count
        return found

    def map_values(self, numbers: Mapping[Any, int], default: int, dtype: DTypeLike = np.int64) -> Array:
        """The number of every row's text; ``default`` for a text that has none."""
        return np.array([numbers.get(label, default) for label in self.labels], dtype)[self.codes]

    def to_text(self) -> CodedColumn:
        return self

    def merge_labels(self) -> CodedColumn:
        """The same column, in which no label occurs twice."""
        places: dict[Any, int] = {}
        codes = np.array([places.setdefault(label, len(places)) for label in self.labels], self.codes.dtype)
        if len(places) == len(self.labels):
            return self
        return CodedColumn(self.name, codes[self.codes], np.array([*places, None], object)[:-1])


def factorize(raw: RawColumn) -> CodedColumn:
    """A column of texts by its codes, in the order in which its values first occur."""
    if isinstance(raw, CodedColumn):
        return raw
    places: defaultdict[Any, int] = defaultdict()
    places.default_factory = places.__len__
    codes = np.fromiter(map(places.__getitem__, raw.values), np.int32, len(raw.values))
    labels = np.empty(len(places), object)
    labels[:] = list(places)
    return CodedColumn(raw.name, codes, labels)
