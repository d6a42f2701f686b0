"""Numbers to predict, standardized for training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.data.tables.value_stream import ValueStream
from nntrain.data.targets.log_scale import from_log, to_log
from nntrain.data.targets.number_scale import NumberScale
from nntrain.data.targets.target import Target, TaskType
from nntrain.data.targets.target_options import DEFAULT_TARGET_OPTIONS, TargetOptions
from nntrain.data.targets.target_range import format_range_note, resolve_range
from nntrain.errors import CheckpointError, DataError
from nntrain.specs.state_schema import validate_state

__all__ = ["NumberTarget"]


class NumberTarget(Target):
    """t = (s − mean) / std for each of k numbers x, where s is x, or ln x if it is learned on a log scale.

    ``decode`` is the way back; ``predicted`` also keeps within [low, high].

    Shapes:
        k columns (n,), or one (n, k) → t (n, k);  mean, std, log_start, low, high (k,)

    ``log_start``: 0, or the number from which s is the logarithm (``to_log``).
    """

    task: ClassVar[TaskType] = "regression"

    def __init__(
        self,
        names: list[str],
        kinds: list[ValueKind],
        mean: Array,
        std: Array,
        log_start: Array | None = None,
        low: Array | None = None,
        high: Array | None = None,
    ) -> None:
        self.names = names
        self.kinds = kinds
        self.mean = mean
        self.std = std
        k = len(mean)
        self.log_start = np.zeros(k) if log_start is None else log_start
        self.low = np.full(k, -np.inf) if low is None else low
        self.high = np.full(k, np.inf) if high is None else high
        self.labels = build_labels(names, k)
        self.decisions: list[str] = []

    @classmethod
    def fit(cls, *raws: ValueStream, options: TargetOptions = DEFAULT_TARGET_OPTIONS) -> Self:
        """DataError if the training rows of a column do not differ, or ``options`` do not fit them."""
        scales = [fit_scale(raw) for raw in raws]
        names, kinds = [raw.name for raw in raws], [raw.kind for raw in raws]
        labels = build_labels(names, sum(len(scale.low) for scale in scales))
        choices = list(zip(labels, options.get_transforms(labels), strict=True))
        decisions: list[str] = []
        for scale in scales:
            size = len(scale.low)
            decisions += scale.choose_log_scales(choices[:size])
            choices = choices[size:]

        def joined(name: str) -> Array:
            return np.concatenate([getattr(scale, name) for scale in scales])

        low, high = resolve_range(labels, joined("low"), joined("high"), options.range)
        target = cls(names, kinds, joined("mean"), joined("std"), joined("log_start"), low, high)
        target.decisions = [*decisions, format_range_note(labels, low, high, options.range)]
        return target

    def encode(self, *raws: RawColumn) -> Array:
        """Standardized (n, k) of type ``dtype``. DataError where a number is missing."""
        values = to_matrix(raws[0]) if len(raws) == 1 else np.concatenate([to_matrix(raw) for raw in raws], axis=1)
        missing = np.isnan(values).any(axis=1)
        if missing.any():
            raise DataError(f"target {self.name!r}: expected a number in every row, got none in {int(missing.sum())}")
        if values.shape[1] != len(self.mean):
            raise DataError(f"target {self.name!r}: expected {len(self.mean)} numbers a row, got {values.shape[1]}")
        if self.log_start.any():
            values = to_log(values, self.log_start)
        return ((values - self.mean) / self.std).astype(self.dtype)

    def decode(self, values: Array) -> Array:
        """Numbers in the units of the file, float64 (n, k), from standardized ones."""
        scaled = np.asarray(values, np.float64) * self.std + self.mean
        return from_log(scaled, self.log_start) if self.log_start.any() else scaled

    def decode_predictions(self, values: Array) -> Array:
        """``decode`` of what a network gives, within the range that the target allows."""
        return np.clip(self.decode(values), self.low, self.high)

    @property
    def transform(self) -> str | dict[str, str]:
        """``data.target_transform`` as it was decided: of all numbers, or by label."""
        chosen = ["log" if start else "none" for start in self.log_start]
        return chosen[0] if len(set(chosen)) == 1 else dict(zip(self.labels, chosen, strict=True))

    def build_notes(self) -> list[str]:
        return self.decisions

    def state(self) -> dict[str, Any]:
        fields = {"names": list(self.names), "kinds": list(self.kinds)}
        arrays = {name: getattr(self, name).copy() for name in ("mean", "std", "log_start", "low", "high")}
        return {"type": "NumberTarget", **fields, **arrays}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        known = validate_state(
            state, {"names": list[str], "kinds": list[ValueKind], "mean": np.ndarray, "std": np.ndarray}
        )
        names, kinds, mean, std = map(len, known.values())
        if not (names == kinds and mean == std and names in (1, mean)):
            raise CheckpointError(f"data: NumberTarget: {names} names, {kinds} kinds, {mean} means, {std} deviations")
        # Older states have no scale and no range.
        found = {name: state[name] for name in ("log_start", "low", "high") if name in state}
        limits = validate_state(found, dict.fromkeys(found, np.ndarray), "data: NumberTarget")
        if any(len(limit) != mean for limit in limits.values()):
            raise CheckpointError(f"data: NumberTarget: expected {mean} numbers in {', '.join(limits)}")
        return cls(**known, **limits)


def build_labels(names: Sequence[str], count: int) -> list[str]:
    """The name of each number: its column, or its place in the only one."""
    return list(names) if len(names) == count else [f"{', '.join(names)}[{index}]" for index in range(count)]


def fit_scale(raw: ValueStream) -> NumberScale:
    """What the known rows of a column are. DataError if they do not differ."""
    scale = NumberScale.fit(lambda: iterate_known_rows(raw))
    if scale is None or (scale.low == scale.high).all():
        raise DataError(f"target {raw.name!r}: expected numbers that differ, got the same in every training row")
    return scale


def iterate_known_rows(raw: ValueStream) -> Iterator[Array]:
    """The rows of each piece (n, k) in which no number is missing, where there are any."""
    for chunk in raw.iterate_chunks():
        values = to_matrix(chunk)
        known = values[~np.isnan(values).any(axis=1)]
        if len(known):
            yield known


def to_matrix(raw: RawColumn) -> Array:
    """The values as (n, k). DataError if they are not numbers."""
    if raw.kind not in ("number", "boolean"):
        raise DataError(
            f"target {raw.name!r}: expected numbers for a regression, got {raw.kind}; or set task to classification"
        )
    return raw.values.reshape(len(raw.values), -1)
