"""Categories as codes: what one-hot and index columns have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.option_suggestions import suggest_ignore
from nntrain.data.tables.coded_column import factorize
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.data.tables.value_stream import MAX_VALUES, ValueStream
from nntrain.errors import DataError

__all__ = ["CategoryColumn"]

# With this many training rows, a category seen once teaches nothing that holds for a second row. Such categories
# share code 0 with those never seen, which so is a code that was trained.
MIN_ROWS_FOR_RARE = 100


@dataclass
class CategoryColumn(Column):
    """Code 0: never seen in training, or ``rare``. Then the ``labels`` in order; last, missing, if it was seen.

    ``unseen`` counts the values of the last ``encode`` that are not in the training rows at all.
    """

    kind: ClassVar[ValueKind] = "text"

    labels: list[str]
    rare: list[str]
    with_missing: bool

    def __post_init__(self) -> None:
        self.unseen = 0

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        """DataError if a column that does not lie in memory has too many categories."""
        cls.check(raw)
        found = raw.count_values()
        if found is None:
            raise DataError(
                f"column {raw.name!r}: expected at most {MAX_VALUES:,} categories in streamed data, got more; "
                f"leave it out with {suggest_ignore(raw.name)}"
            )
        counts = {label: count for label, count in found.items() if label is not None}
        least = 2 if found.total() >= MIN_ROWS_FOR_RARE else 1
        labels = sorted(label for label, count in counts.items() if count >= least)
        rare = sorted(label for label, count in counts.items() if count < least)
        return cls(raw.name, labels, rare, None in found)

    @property
    def code_names(self) -> list[str]:
        """What each code stands for."""
        return ["(other)", *self.labels, *(["(missing)"] if self.with_missing else [])]

    def codes(self, raw: RawColumn) -> Array:
        """The code of every row, int64 (n,)."""
        self.check(raw)
        codes: dict[str | None, int] = {label: code for code, label in enumerate(self.labels, start=1)}
        codes |= dict.fromkeys(self.rare, 0)
        if self.with_missing:
            codes[None] = len(self.labels) + 1
        found = factorize(raw).map_values(codes, -1)
        self.unseen = int((found < 0).sum())
        return np.maximum(found, 0, out=found)
