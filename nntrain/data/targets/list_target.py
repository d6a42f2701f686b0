"""Labels in one column, as lists."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.coded_column import to_text
from nntrain.data.tables.raw_column import RawColumn, ValueStream
from nntrain.data.targets.class_target import sort_labels
from nntrain.data.targets.label_target import LabelTarget
from nntrain.errors import DataError

# A column with more labels than this is probably free text.
MAX_LABELS = 10_000


@dataclass(eq=False)
class ListTarget(LabelTarget):
    """A row has the labels in its cell, separated by ``separator``; whitespace around them is ignored.

    Labels that are not in the training rows are ignored, and counted in ``unseen``.
    """

    name: str
    separator: str
    labels: list[str]
    counts: list[int]

    def __post_init__(self) -> None:
        self.names, self.kinds = [self.name], ["text"]
        self.unseen = 0

    @classmethod
    def fit(cls, raw: ValueStream, separator: str) -> Self:
        """Fit the target. DataError for a column without labels, or with a label in every training row."""
        counts: Counter[str] = Counter()
        rows = 0
        for chunk in to_text(raw).iterate_chunks():
            rows += len(chunk)
            for cell in chunk.values:
                counts.update(set(split_labels(cell, separator)))
            if len(counts) > MAX_LABELS:
                raise DataError(f"target {raw.name!r}: expected labels, got more than {MAX_LABELS:,} distinct ones")
        if not counts:
            raise DataError(f"target {raw.name!r}: expected labels in the training rows, got none")
        if constant := [label for label, count in counts.items() if count == rows]:
            raise DataError(f"target {raw.name!r}: every training row has the label {min(constant)!r}; remove it")
        labels = sort_labels(counts)
        return cls(raw.name, separator, labels, [counts[label] for label in labels])

    def encode(self, *raws: RawColumn) -> Array:
        """Return float32 (n, L)."""
        (raw,) = raws
        codes = {label: code for code, label in enumerate(self.labels)}
        cells = to_text(raw).values
        t = np.zeros((len(cells), len(codes)), np.float32)
        self.unseen = 0
        for row, cell in enumerate(cells):
            for label in split_labels(cell, self.separator):
                if label in codes:
                    t[row, codes[label]] = 1
                else:
                    self.unseen += 1
        return t

    def decode(self, values: Array) -> dict[str, Array]:
        rows = [np.flatnonzero(row) for row in values]
        cells = [self.separator.join(self.labels[code] for code in codes) for codes in rows]
        return {self.name: np.array(cells, object)}


def split_labels(cell: str | None, separator: str) -> list[str]:
    """Return the labels in a cell."""
    return [] if cell is None else [label.strip() for label in cell.split(separator) if label.strip()]
