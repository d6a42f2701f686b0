"""Categories as codes: the base of one-hot and index columns."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.option_suggestions import suggest_ignore
from nntrain.data.tables.coded_column import factorize
from nntrain.data.tables.raw_column import MAX_VALUES, RawColumn, ValueKind, ValueStream
from nntrain.errors import DataError

# From this many training rows on, categories with few rows do not generalize. They share code 0 with those never seen,
# so code 0 is trained too.
MIN_ROWS_FOR_RARE = 100

# A category is rare with fewer rows than the first; with fewer than the second, if the column has more distinct values
# than ``MAX_FEW_VALUES``: of many categories, few rows are left for each.
MIN_COUNT, MIN_COUNT_OF_MANY = 2, 5
MAX_FEW_VALUES = 8


@dataclass
class CategoryColumn(Column):
    """Code 0: ``rare`` or unseen in training. Then the ``labels`` in order; then missing, if training rows had it."""

    kind: ClassVar[ValueKind] = "text"

    labels: list[str]
    rare: list[str]
    with_missing: bool

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        """Fit the encoder. DataError if a streamed column has too many categories."""
        cls.check(raw)
        counts = raw.count_values()
        if counts is None:
            raise DataError(
                f"column {raw.name!r}: expected at most {MAX_VALUES:,} categories in streamed data, got more; "
                f"exclude it with {suggest_ignore(raw.name)}"
            )
        min_count = get_min_count(counts.total(), len(counts) - (None in counts))
        labels = sorted(label for label, count in counts.items() if label is not None and count >= min_count)
        rare = sorted(label for label, count in counts.items() if label is not None and count < min_count)
        return cls(raw.name, labels, rare, None in counts)

    @property
    def code_names(self) -> list[str]:
        """The meaning of each code."""
        return ["(other)", *self.labels, *(["(missing)"] if self.with_missing else [])]

    def encode_codes(self, raw: RawColumn) -> Array:
        """Return the code of every row, int64 (n,)."""
        self.check(raw)
        numbers: dict[str | None, int] = {label: code for code, label in enumerate(self.labels, start=1)}
        numbers |= dict.fromkeys(self.rare, 0)
        if self.with_missing:
            numbers[None] = len(self.labels) + 1
        codes = factorize(raw).map_values(numbers, -1)
        self.unseen = int((codes < 0).sum())
        return np.maximum(codes, 0, out=codes)


def get_min_count(rows: int, distinct: int) -> int:
    """Return the minimum number of training rows of a category that is not rare."""
    if rows < MIN_ROWS_FOR_RARE:
        return 1
    return MIN_COUNT if distinct <= MAX_FEW_VALUES else MIN_COUNT_OF_MANY
