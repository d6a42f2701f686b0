"""Numbers to predict, standardized for training."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.options.data_options import DataOptions, PredictionRange
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream
from nntrain.data.targets.number_scale import NumberScale, from_log, to_log
from nntrain.data.targets.target import Target, TaskType, get_each
from nntrain.errors import CheckpointError, DataError

# The maximum number of ranges in a note.
MAX_RANGES = 10


@dataclass(eq=False)
class NumberTarget(Target):
    """t = (s − mean) / std for each of k numbers x, where s is x, or ln x on a log scale.

    ``decode`` is the inverse; ``decode_predictions`` also clips to [low, high].

    Shapes:
        k columns (n,), or one (n, k) → t (n, k);  mean, std, log_start, low, high (k,)

    ``log_start``: 0, or the smallest x whose s is its logarithm (``to_log``).
    """

    task: ClassVar[TaskType] = "regression"

    names: list[str]
    kinds: list[ValueKind]
    mean: Array
    std: Array
    # Older states have neither scale nor range.
    log_start: Array = field(default_factory=lambda: np.zeros(1))
    low: Array = field(default_factory=lambda: np.full(1, -np.inf))
    high: Array = field(default_factory=lambda: np.full(1, np.inf))

    def __post_init__(self) -> None:
        shape = self.mean.shape
        self.log_start, self.low, self.high = (
            np.broadcast_to(values, shape) for values in (self.log_start, self.low, self.high)
        )
        self.name = ", ".join(self.names)
        self.labels = build_labels(self.names, len(self.mean))
        self.notes: list[str] = []

    @classmethod
    def fit(cls, *raws: ValueStream, options: DataOptions) -> Self:
        """Fit the target. DataError for a constant column, or options that do not fit the training rows."""
        scales = [fit_scale(raw) for raw in raws]
        names, kinds = [raw.name for raw in raws], [raw.kind for raw in raws]
        labels = build_labels(names, sum(len(scale.low) for scale in scales))
        transforms = get_each("data.target_transform", options.target_transform, labels, "auto")
        choices = list(zip(labels, transforms, strict=True))
        notes: list[str] = []
        for scale in scales:
            size = len(scale.low)
            notes += scale.choose_log_scales(choices[:size])
            choices = choices[size:]

        def join(name: str) -> Array:
            return np.concatenate([getattr(scale, name) for scale in scales])

        low, high = resolve_range(labels, join("low"), join("high"), options.prediction_range)
        target = cls(names, kinds, join("mean"), join("std"), join("log_start"), low, high)
        target.notes = [*notes, format_range_note(labels, low, high, options.prediction_range)]
        return target

    def encode(self, *raws: RawColumn) -> Array:
        """Return standardized (n, k) of type ``dtype``. DataError for a missing number."""
        values = to_matrix(raws[0]) if len(raws) == 1 else np.concatenate([to_matrix(raw) for raw in raws], axis=1)
        missing = np.isnan(values).any(axis=1)
        if missing.any():
            rows = f"{missing.sum()} row{'s' if missing.sum() > 1 else ''}"
            raise DataError(f"target {self.name!r}: expected a number in every row, got none in {rows}")
        if values.shape[1] != len(self.mean):
            raise DataError(f"target {self.name!r}: expected {len(self.mean)} numbers per row, got {values.shape[1]}")
        if self.log_start.any():
            values = to_log(values, self.log_start)
        return ((values - self.mean) / self.std).astype(self.dtype)

    def decode(self, values: Array) -> Array:
        """Return numbers in the units of the file, float64 (n, k), from standardized ones."""
        scaled = np.asarray(values, np.float64) * self.std + self.mean
        return from_log(scaled, self.log_start) if self.log_start.any() else scaled

    def decode_predictions(self, values: Array) -> Array:
        """Return ``decode`` of a network's outputs, clipped to the range of the target."""
        return np.clip(self.decode(values), self.low, self.high)

    @property
    def transform(self) -> str | dict[str, str]:
        """The resolved ``data.target_transform``: of all numbers, or by label."""
        chosen = ["log" if start else "none" for start in self.log_start]
        return chosen[0] if len(set(chosen)) == 1 else dict(zip(self.labels, chosen, strict=True))

    def build_notes(self) -> list[str]:
        return self.notes

    @classmethod
    def validate(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        known = super().validate(state)
        names, kinds, mean, std = (len(known[name]) for name in ("names", "kinds", "mean", "std"))
        if not (names == kinds and mean == std and names in (1, mean)):
            raise CheckpointError(f"data: NumberTarget: {names} names, {kinds} kinds, {mean} means, {std} stds")
        others = {name: len(known[name]) for name in ("log_start", "low", "high") if name in known}
        if any(length != mean for length in others.values()):
            raise CheckpointError(f"data: NumberTarget: expected {mean} numbers in {', '.join(others)}")
        return known


def build_labels(names: Sequence[str], count: int) -> list[str]:
    """Return the name of each number: its column, or the only column with an index."""
    return list(names) if len(names) == count else [f"{', '.join(names)}[{index}]" for index in range(count)]


def fit_scale(raw: ValueStream) -> NumberScale:
    """Return the scale of a column's known rows. DataError if they are constant."""
    scale = NumberScale.fit(lambda: iterate_known_rows(raw))
    if scale is None or (scale.low == scale.high).all():
        raise DataError(f"target {raw.name!r}: expected numbers that differ, got the same number in every training row")
    return scale


def iterate_known_rows(raw: ValueStream) -> Iterator[Array]:
    """Iterate over the rows (n, k) without a missing number, in chunks, none empty."""
    for chunk in raw.iterate_chunks():
        values = to_matrix(chunk)
        known = values[~np.isnan(values).any(axis=1)]
        if len(known):
            yield known


def to_matrix(raw: RawColumn) -> Array:
    """Return the values as (n, k). DataError if they are not numbers."""
    if raw.kind not in ("number", "boolean"):
        raise DataError(
            f"target {raw.name!r}: expected numbers for a regression, got {raw.kind}; or set task to classification"
        )
    return raw.values.reshape(len(raw), -1)


def resolve_range(
    labels: Sequence[str], min_values: Array, max_values: Array, choice: PredictionRange
) -> tuple[Array, Array]:
    """Return the minimum and maximum prediction of each number, from those of its training rows.

    DataError for training rows outside a range that is set.
    """
    if choice == "training":
        return min_values, max_values
    if choice == "sign":
        return np.where(min_values >= 0, 0.0, -np.inf), np.where(max_values <= 0, 0.0, np.inf)
    low, high = (-np.inf, np.inf) if choice == "none" else choice
    for label, first, last in zip(labels, min_values, max_values, strict=True):
        if first < low or last > high:
            got = first if first < low else last
            raise DataError(
                f"target {label!r}: data.target_range: expected training rows from {low:g} to {high:g}, got {got:g}"
            )
    return np.full(len(min_values), low), np.full(len(min_values), high)


def format_range_note(labels: Sequence[str], low: Array, high: Array, choice: PredictionRange) -> str:
    """Return a note with the range of the predictions."""
    ranges = zip(labels[:MAX_RANGES], low, high, strict=False)
    listed = ", ".join(f"{label!r} {format_range(first, last)}" for label, first, last in ranges)
    more = f", and {len(labels) - MAX_RANGES} more" if len(labels) > MAX_RANGES else ""
    reason = "set by data.target_range"
    if choice == "training" or choice == "sign":
        source = "range" if choice == "training" else "sign"
        reason = f"the {source} of the training rows; to change it, set data.target_range"
    return f"predictions are kept within: {listed}{more} ({reason})"


def format_range(low: float, high: float) -> str:
    """Format a range for a sentence."""
    if np.isinf(low) and np.isinf(high):
        return "any number"
    if np.isinf(high):
        return f"at least {low:.10g}"
    return f"at most {high:.10g}" if np.isinf(low) else f"{low:.10g} to {high:.10g}"
