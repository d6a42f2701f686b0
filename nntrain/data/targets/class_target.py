"""Classes, encoded as integers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.coded_column import factorize, to_text
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream
from nntrain.data.targets.target import Target, TaskType
from nntrain.errors import CheckpointError, DataError, suggest_name
from nntrain.shell_command import quote


def format_label(label: str) -> str:
    """Return the label; in quotes and on one line if it would be ambiguous in a list."""
    plain = label.isprintable() and label == label.strip() and ", " not in label and label
    return label if plain else repr(label)


# The maximum number of classes in an error, and of classes with their counts in a note.
MAX_LISTED = 10
MAX_COUNTED = 20


@dataclass(eq=False)
class ClassTarget(Target):
    """Code l is the class ``labels[l]``, which has ``counts[l]`` training rows.

    Labels are sorted by value if all are numbers, else by name. Of two classes the second is the positive one;
    ``positive`` is its name if the user chose it, which makes it the second.
    """

    task: ClassVar[TaskType] = "classification"

    name: str
    kind: ValueKind
    labels: list[str]
    counts: list[int]
    positive: str | None = None

    def __post_init__(self) -> None:
        self.names, self.kinds = [self.name], [self.kind]

    @classmethod
    def fit(cls, raw: ValueStream, positive: str | None = None) -> Self:
        """Fit the target. DataError for fewer than two classes, or if ``positive`` is not one of exactly two."""
        counts = count_classes(raw)
        labels = sort_labels(counts)
        if len(labels) < 2:
            got = f"only {labels[0]!r}" if labels else "no value"
            raise DataError(f"target {raw.name!r}: expected at least two classes in the training rows, got {got}")
        target = cls(raw.name, raw.kind, labels, [counts[label] for label in labels])
        return target if positive is None else target.with_positive(positive)

    def with_positive(self, positive: str) -> Self:
        """Return the target with ``positive`` as its second class. DataError if it is not one of exactly two."""
        labels = self.labels
        if len(labels) > 2:
            raise self._build_error(f"expected two classes, got {len(labels)}: {format_labels(labels)}; remove it")
        if positive not in labels and rewrite_number(positive) in labels:
            positive = rewrite_number(positive) or positive
        if positive not in labels:
            suggestion = suggest_name(positive, labels)
            raise self._build_error(f"expected {' or '.join(map(repr, labels))}, got {positive!r}{suggestion}")
        order = (0, 1) if labels[1] == positive else (1, 0)
        counts = [self.counts[code] for code in order]
        return type(self)(self.name, self.kind, [labels[code] for code in order], counts, positive)

    def encode(self, *raws: RawColumn) -> Array:
        """Return codes int64 (n,). DataError for a class that is not in the training rows."""
        (raw,) = raws
        numbers = {label: code for code, label in enumerate(self.labels)}
        # A table with empty cells elsewhere may contain 1.0 instead of 1.
        numbers = {
            other: numbers[label] for label in self.labels if (other := rewrite_number(label)) is not None
        } | numbers
        texts = factorize(to_text(raw))
        codes = texts.map_values(numbers, -1)
        unknown = codes < 0
        if unknown.any():
            first = texts.labels[texts.codes[unknown.argmax()]]
            raise DataError(f"target {self.name!r}: {self._format_unknown(first, int(unknown.sum()))}")
        return codes

    def decode(self, values: Array) -> Array:
        """Return the labels of codes (n,), as objects."""
        return np.array(self.labels, object)[values]

    def build_notes(self) -> list[str]:
        notes = [format_label_counts("classes", self.labels, self.counts)]
        if len(self.labels) > 2:
            return notes
        other, positive = self.labels
        if self.positive is not None:
            return [*notes, f"the positive class is {positive!r}, set by data.positive; the other is {other!r}"]
        advice = f"to choose the other, set data.positive: --positive {quote(other)}"
        return [*notes, f"the positive class is {positive!r}, the second of {other!r} and {positive!r}; {advice}"]

    @classmethod
    def validate(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        known = super().validate(state)
        if not 1 < len(known["labels"]) == len(known["counts"]):
            labels, counts = len(known["labels"]), len(known["counts"])
            raise CheckpointError(
                f"data: ClassTarget: expected at least two classes, each with its count, got {labels} and {counts}"
            )
        return known

    def _build_error(self, message: str) -> DataError:
        return DataError(f"target {self.name!r}: data.positive: {message}")

    def _format_unknown(self, label: str | None, rows: int) -> str:
        if label is None:
            return f"expected a class in every row, got none in {rows} row{'s' if rows > 1 else ''}"
        return f"the class {label!r} is not in the training rows, whose classes are: {format_labels(self.labels)}"


def format_labels(labels: Sequence[str], max_labels: int = MAX_LISTED) -> str:
    """Return the first labels as a list for a sentence."""
    return ", ".join(map(format_label, labels[:max_labels])) + (", ..." if len(labels) > max_labels else "")


def format_label_counts(subject: str, labels: Sequence[str], counts: Sequence[int]) -> str:
    """Return a note that lists the classes or labels with their numbers of training rows."""
    shown = ", ".join(
        f"{format_label(label)} ({count})" for label, count in zip(labels[:MAX_COUNTED], counts, strict=False)
    )
    more = f", and {len(labels) - MAX_COUNTED} more" if len(labels) > MAX_COUNTED else ""
    return f"{len(labels)} {subject} in the training rows: {shown}{more}"


def rewrite_number(label: str) -> str | None:
    """Return '1' for '1.0' and '1.0' for '1'; None for other labels."""
    integer, point, fraction = label.partition(".")
    if not integer.removeprefix("-").isdecimal() or fraction.strip("0"):
        return None
    return integer if point else f"{integer}.0"


def count_classes(raw: ValueStream) -> dict[str, int]:
    """Count the rows of each class. DataError if the classes do not fit in memory."""
    counts = to_text(raw).count_values()
    if counts is None:
        raise DataError(f"target {raw.name!r}: expected classes, got more distinct values than fit in memory")
    return {label: count for label, count in counts.items() if label is not None}


def encode_classes(raw: ValueStream) -> Array:
    """Return the index of each row's class in the sorted names, in the smallest sufficient integer type."""
    numbers = {name: number for number, name in enumerate(sorted(count_classes(raw)))}
    dtype = np.min_scalar_type(len(numbers))
    # The default is for labels without a row.
    chunks = to_text(raw).iterate_chunks()
    return np.concatenate([factorize(chunk).map_values(numbers, 0, dtype) for chunk in chunks])


def sort_labels(labels: Iterable[str]) -> list[str]:
    """Sort by value if all labels are numbers, else by name."""
    by_name = sorted(labels)
    try:
        return sorted(by_name, key=float)
    except ValueError:
        return by_name
