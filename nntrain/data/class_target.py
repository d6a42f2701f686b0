"""Classes, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.coded_column import coded
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.spelled_label import spelled_label
from nntrain.data.target import Target, Task
from nntrain.data.value_stream import ValueStream
from nntrain.errors import CheckpointError, DataError, nearest
from nntrain.shell import quoted
from nntrain.specs.state_schema import validate_state

__all__ = ["ClassTarget", "class_numbers", "counted", "in_order"]

# A message lists this many classes at most, and a note this many with their counts.
LISTED = 10
COUNTED = 20


class ClassTarget(Target):
    """Label l is the class ``labels[l]``, of which there were ``counts[l]`` training rows.

    Labels that are all numbers are in the order of their values, others in that of their names. Of two classes the
    second is the positive one; ``positive`` names it if the user chose it, and then it comes second.
    """

    task: ClassVar[Task] = "classification"

    def __init__(
        self, name: str, kind: Kind, labels: list[str], counts: list[int], positive: str | None = None
    ) -> None:
        self.names = [name]
        self.kinds = [kind]
        self.labels = labels
        self.counts = counts
        self.positive = positive

    @classmethod
    def fit(cls, raw: ValueStream, positive: str | None = None) -> Self:
        """DataError if there are not two classes, or ``positive`` is not one of two."""
        counts = class_counts(raw)
        labels = in_order(counts)
        if len(labels) < 2:
            found = f"only {labels[0]!r}" if labels else "no value"
            raise DataError(f"target {raw.name!r}: expected two classes or more in the training rows, got {found}")
        target = cls(raw.name, raw.kind, labels, [counts[label] for label in labels])
        return target if positive is None else target.choosing(positive)

    def choosing(self, positive: str) -> Self:
        """The target with ``positive`` as its second class. DataError if it is not one of two."""
        labels = self.labels
        if len(labels) > 2:
            raise self._refusal(f"expected two classes, got {len(labels)}: {listed(labels)}; leave it out")
        if positive not in labels and rewritten(positive) in labels:
            positive = rewritten(positive) or positive
        if positive not in labels:
            near = nearest(positive, labels)
            raise self._refusal(f"expected {' or '.join(map(repr, labels))}, got {positive!r}{near}")
        order = (0, 1) if labels[1] == positive else (1, 0)
        counts = [self.counts[code] for code in order]
        return type(self)(self.name, self.kinds[0], [labels[code] for code in order], counts, positive)

    def encode(self, *raws: RawColumn) -> Array:
        """Labels int64 (n,). DataError for a class that was not in the training rows."""
        (raw,) = raws
        codes = {label: code for code, label in enumerate(self.labels)}
        # A table that has empty cells elsewhere writes 1.0 for 1.
        codes = {other: codes[label] for label in self.labels if (other := rewritten(label)) is not None} | codes
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

    def notes(self) -> list[str]:
        found = [counted("classes", self.labels, self.counts)]
        if len(self.labels) > 2:
            return found
        other, positive = self.labels
        if self.positive is not None:
            return [*found, f"the positive class is {positive!r}, set by data.positive; the other is {other!r}"]
        advice = f"to choose the other, set data.positive: --positive {quoted(other)}"
        return [*found, f"the positive class is {positive!r}, the second of {other!r} and {positive!r}; {advice}"]

    def state(self) -> dict[str, Any]:
        name, kind = self.names[0], self.kinds[0]
        fields = {"name": name, "kind": kind, "labels": list(self.labels), "counts": list(self.counts)}
        return {"type": "ClassTarget", **fields, "positive": self.positive}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        kinds = {"name": str, "kind": Kind, "labels": list[str], "counts": list[int], "positive": str | None}
        known = validate_state({"positive": None, **state}, kinds)
        if not 1 < len(known["labels"]) == len(known["counts"]):
            labels, counts = len(known["labels"]), len(known["counts"])
            raise CheckpointError(
                f"data: ClassTarget: expected two classes or more with their counts, got {labels} and {counts}"
            )
        return cls(**known)

    def _refusal(self, what: str) -> DataError:
        return DataError(f"target {self.name!r}: data.positive: {what}")

    def _unknown(self, name: str | None, rows: int) -> str:
        if name is None:
            return f"expected a class in every row, got none in {rows}"
        return f"the class {name!r} is not in the training rows, whose classes are: {listed(self.labels)}"


def listed(labels: Sequence[str], most: int = LISTED) -> str:
    """The first of some classes, as a sentence lists them."""
    return ", ".join(map(spelled_label, labels[:most])) + (", ..." if len(labels) > most else "")


def counted(what: str, labels: Sequence[str], counts: Sequence[int]) -> str:
    """A note of the classes or labels, and how many training rows each has."""
    shown = ", ".join(
        f"{spelled_label(label)} ({count})" for label, count in zip(labels[:COUNTED], counts, strict=False)
    )
    more = f", and {len(labels) - COUNTED} more" if len(labels) > COUNTED else ""
    return f"{len(labels)} {what} in the training rows: {shown}{more}"


def rewritten(label: str) -> str | None:
    """The integer 1 for 1.0, and 1.0 for the integer 1; None for other labels."""
    whole, point, fraction = label.partition(".")
    if not whole.removeprefix("-").isdecimal() or fraction.strip("0"):
        return None
    return whole if point else f"{whole}.0"


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
