"""Classes, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.coded_column import factorize
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.data.tables.value_stream import ValueStream
from nntrain.data.targets.target import Target, TaskType
from nntrain.errors import CheckpointError, DataError, suggest_name
from nntrain.shell_command import quote
from nntrain.specs.state_schema import validate_state

__all__ = ["ClassTarget", "encode_classes", "format_label", "format_label_counts", "sort_labels"]


def format_label(label: str) -> str:
    """The label as it is; in quotes, on one line, where it would be misread between others."""
    plain = label.isprintable() and label == label.strip() and ", " not in label and label
    return label if plain else repr(label)


# A message lists this many classes at most, and a note this many with their counts.
MAX_LISTED = 10
MAX_COUNTED = 20


class ClassTarget(Target):
    """Label l is the class ``labels[l]``, of which there were ``counts[l]`` training rows.

    Labels that are all numbers are in the order of their values, others in that of their names. Of two classes the
    second is the positive one; ``positive`` names it if the user chose it, and then it comes second.
    """

    task: ClassVar[TaskType] = "classification"

    def __init__(
        self, name: str, kind: ValueKind, labels: list[str], counts: list[int], positive: str | None = None
    ) -> None:
        self.names = [name]
        self.kinds = [kind]
        self.labels = labels
        self.counts = counts
        self.positive = positive

    @classmethod
    def fit(cls, raw: ValueStream, positive: str | None = None) -> Self:
        """DataError if there are not two classes, or ``positive`` is not one of two."""
        counts = count_classes(raw)
        labels = sort_labels(counts)
        if len(labels) < 2:
            found = f"only {labels[0]!r}" if labels else "no value"
            raise DataError(f"target {raw.name!r}: expected two classes or more in the training rows, got {found}")
        target = cls(raw.name, raw.kind, labels, [counts[label] for label in labels])
        return target if positive is None else target.with_positive(positive)

    def with_positive(self, positive: str) -> Self:
        """The target with ``positive`` as its second class. DataError if it is not one of two."""
        labels = self.labels
        if len(labels) > 2:
            raise self._build_error(f"expected two classes, got {len(labels)}: {format_labels(labels)}; leave it out")
        if positive not in labels and rewrite_number(positive) in labels:
            positive = rewrite_number(positive) or positive
        if positive not in labels:
            near = suggest_name(positive, labels)
            raise self._build_error(f"expected {' or '.join(map(repr, labels))}, got {positive!r}{near}")
        order = (0, 1) if labels[1] == positive else (1, 0)
        counts = [self.counts[code] for code in order]
        return type(self)(self.name, self.kinds[0], [labels[code] for code in order], counts, positive)

    def encode(self, *raws: RawColumn) -> Array:
        """Labels int64 (n,). DataError for a class that was not in the training rows."""
        (raw,) = raws
        codes = {label: code for code, label in enumerate(self.labels)}
        # A table that has empty cells elsewhere writes 1.0 for 1.
        codes = {other: codes[label] for label in self.labels if (other := rewrite_number(label)) is not None} | codes
        names = factorize(raw.to_text())
        found = names.map_values(codes, -1)
        wrong = found < 0
        if wrong.any():
            first = names.labels[names.codes[wrong.argmax()]]
            raise DataError(f"target {self.name!r}: {self._format_unknown(first, int(wrong.sum()))}")
        return found

    def decode(self, values: Array) -> list[str]:
        """The names of labels (n,)."""
        return [self.labels[label] for label in values]

    def build_notes(self) -> list[str]:
        found = [format_label_counts("classes", self.labels, self.counts)]
        if len(self.labels) > 2:
            return found
        other, positive = self.labels
        if self.positive is not None:
            return [*found, f"the positive class is {positive!r}, set by data.positive; the other is {other!r}"]
        advice = f"to choose the other, set data.positive: --positive {quote(other)}"
        return [*found, f"the positive class is {positive!r}, the second of {other!r} and {positive!r}; {advice}"]

    def state(self) -> dict[str, Any]:
        name, kind = self.names[0], self.kinds[0]
        fields = {"name": name, "kind": kind, "labels": list(self.labels), "counts": list(self.counts)}
        return {"type": "ClassTarget", **fields, "positive": self.positive}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        kinds = {"name": str, "kind": ValueKind, "labels": list[str], "counts": list[int], "positive": str | None}
        known = validate_state({"positive": None, **state}, kinds)
        if not 1 < len(known["labels"]) == len(known["counts"]):
            labels, counts = len(known["labels"]), len(known["counts"])
            raise CheckpointError(
                f"data: ClassTarget: expected two classes or more with their counts, got {labels} and {counts}"
            )
        return cls(**known)

    def _build_error(self, what: str) -> DataError:
        return DataError(f"target {self.name!r}: data.positive: {what}")

    def _format_unknown(self, name: str | None, rows: int) -> str:
        if name is None:
            return f"expected a class in every row, got none in {rows}"
        return f"the class {name!r} is not in the training rows, whose classes are: {format_labels(self.labels)}"


def format_labels(labels: Sequence[str], max_labels: int = MAX_LISTED) -> str:
    """The first of some classes, as a sentence lists them."""
    return ", ".join(map(format_label, labels[:max_labels])) + (", ..." if len(labels) > max_labels else "")


def format_label_counts(subject: str, labels: Sequence[str], counts: Sequence[int]) -> str:
    """A note of the classes or labels, and how many training rows each has."""
    shown = ", ".join(
        f"{format_label(label)} ({count})" for label, count in zip(labels[:MAX_COUNTED], counts, strict=False)
    )
    more = f", and {len(labels) - MAX_COUNTED} more" if len(labels) > MAX_COUNTED else ""
    return f"{len(labels)} {subject} in the training rows: {shown}{more}"


def rewrite_number(label: str) -> str | None:
    """The integer 1 for 1.0, and 1.0 for the integer 1; None for other labels."""
    whole, point, fraction = label.partition(".")
    if not whole.removeprefix("-").isdecimal() or fraction.strip("0"):
        return None
    return whole if point else f"{whole}.0"


def count_classes(raw: ValueStream) -> dict[str, int]:
    """How often each class occurs. DataError if there are more than memory is for."""
    counts = raw.to_text().count_values()
    if counts is None:
        raise DataError(f"target {raw.name!r}: expected classes, got more different values than memory is for")
    return {label: count for label, count in counts.items() if label is not None}


def encode_classes(raw: ValueStream) -> Array:
    """The place of each row's class among the names of the classes, in the smallest type that holds it."""
    numbers = {name: number for number, name in enumerate(sorted(count_classes(raw)))}
    dtype = np.min_scalar_type(len(numbers))
    pieces = (factorize(chunk) for chunk in raw.to_text().iterate_chunks())
    # A label that no row has is no class.
    return np.concatenate([piece.map_values(numbers, 0, dtype) for piece in pieces])


def sort_labels(labels: Iterable[str]) -> list[str]:
    """Numbers by their value; if one label is none, all by name."""
    by_name = sorted(labels)
    try:
        return sorted(by_name, key=float)
    except ValueError:
        return by_name
