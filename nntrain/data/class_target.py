"""Classes, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.coded_column import coded
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.target import Target, Task
from nntrain.data.value_stream import ValueStream
from nntrain.errors import CheckpointError, DataError
from nntrain.nn.remembered import remembered

__all__ = ["ClassTarget", "class_numbers"]

# A message lists this many classes at most.
LISTED = 10


class ClassTarget(Target):
    """Label l is the class ``labels[l]``, of which there were ``counts[l]`` training rows.

    Labels that are all numbers are in the order of their values, others in that of their names.
    """

    task: ClassVar[Task] = "classification"

    def __init__(self, name: str, kind: Kind, labels: list[str], counts: list[int]) -> None:
        self.names = [name]
        self.kinds = [kind]
        self.labels = labels
        self.counts = counts

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        """DataError if there are not two classes."""
        counts = class_counts(raw)
        labels = in_order(counts)
        if len(labels) < 2:
            found = f"only {labels[0]!r}" if labels else "no value"
            raise DataError(f"target {raw.name!r}: expected two classes or more in the training rows, got {found}")
        return cls(raw.name, raw.kind, labels, [counts[label] for label in labels])

    def encode(self, *raws: RawColumn) -> Array:
        """Labels int64 (n,). DataError for a class that was not in the training rows."""
        (raw,) = raws
        codes = {label: code for code, label in enumerate(self.labels)}
        names = coded(raw.as_text())
        found = names.numbered(codes, -1)
        wrong = found < 0
        if wrong.any():
            first = names.labels[names.codes[wrong.argmax()]]
            raise DataError(f"target {self.name!r}: {self._unknown(first, int(wrong.sum()))}")
        return found

    def decode(self, values: Array) -> list[str]:
        """The names of labels (n,)."""
        return [self.labels[label] for label in values]

    def state(self) -> dict[str, Any]:
        name, kind = self.names[0], self.kinds[0]
        fields = {"name": name, "kind": kind, "labels": list(self.labels), "counts": list(self.counts)}
        return {"type": "ClassTarget", **fields}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        known = remembered(state, {"name": str, "kind": Kind, "labels": list[str], "counts": list[int]})
        if not 1 < len(known["labels"]) == len(known["counts"]):
            labels, counts = len(known["labels"]), len(known["counts"])
            raise CheckpointError(
                f"data: ClassTarget: expected two classes or more with their counts, got {labels} and {counts}"
            )
        return cls(**known)

    def _unknown(self, name: str | None, rows: int) -> str:
        if name is None:
            return f"expected a class in every row, got none in {rows}"
        listed = ", ".join(self.labels[:LISTED]) + (", ..." if len(self.labels) > LISTED else "")
        return f"the class {name!r} is not in the training rows, whose classes are: {listed}"


def class_counts(raw: ValueStream) -> dict[str, int]:
    """How often each class occurs. DataError if there are more than memory is for."""
    counts = raw.as_text().counts()
    if counts is None:
        raise DataError(f"target {raw.name!r}: expected classes, got more different values than memory is for")
    return {label: count for label, count in counts.items() if label is not None}


def class_numbers(raw: ValueStream) -> Array:
    """The place of each row's class among the names of the classes, in the smallest type that holds it."""
    numbers = {name: number for number, name in enumerate(sorted(class_counts(raw)))}
    dtype = np.min_scalar_type(len(numbers))
    pieces = (coded(chunk) for chunk in raw.as_text().chunks())
    # A label that no row has is no class.
    return np.concatenate([piece.numbered(numbers, 0, dtype) for piece in pieces])


def in_order(labels: Iterable[str]) -> list[str]:
    """Numbers by their value; if one label is none, all by name."""
    by_name = sorted(labels)
    try:
        return sorted(by_name, key=float)
    except ValueError:
        return by_name
