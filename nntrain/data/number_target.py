"""Numbers to predict, standardised for training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.moments import streamed_moments
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.target import Target, Task
from nntrain.data.value_stream import ValueStream
from nntrain.errors import CheckpointError, DataError
from nntrain.nn.remembered import remembered

__all__ = ["NumberTarget"]


class NumberTarget(Target):
    """t = (x − mean) / std for each of k numbers; ``decode`` is the way back.

    Shapes:
        k columns (n,), or one (n, k) → t (n, k);  mean, std (k,)
    """

    task: ClassVar[Task] = "regression"

    def __init__(self, names: list[str], kinds: list[Kind], mean: Array, std: Array) -> None:
        self.names = names
        self.kinds = kinds
        self.mean = mean
        self.std = std
        k = len(mean)
        self.labels = names if len(names) == k else [f"{self.name}[{index}]" for index in range(k)]

    @classmethod
    def fit(cls, *raws: ValueStream) -> Self:
        """DataError if the training rows of a column do not differ."""
        means, stds = zip(*(fitted(raw) for raw in raws), strict=True)
        names, kinds = [raw.name for raw in raws], [raw.kind for raw in raws]
        return cls(names, kinds, np.concatenate(means), np.concatenate(stds))

    def encode(self, *raws: RawColumn) -> Array:
        """Standardised float32 (n, k). DataError where a number is missing."""
        values = table_of(raws[0]) if len(raws) == 1 else np.concatenate([table_of(raw) for raw in raws], axis=1)
        missing = np.isnan(values).any(axis=1)
        if missing.any():
            raise DataError(f"target {self.name!r}: expected a number in every row, got none in {int(missing.sum())}")
        if values.shape[1] != len(self.mean):
            raise DataError(f"target {self.name!r}: expected {len(self.mean)} numbers a row, got {values.shape[1]}")
        return ((values - self.mean) / self.std).astype(np.float32)

    def decode(self, values: Array) -> Array:
        """Numbers in the units of the file, float64 (n, k), from what a network gives."""
        return np.asarray(values, np.float64) * self.std + self.mean

    def notes(self) -> list[str]:
        return []

    def state(self) -> dict[str, Any]:
        fields = {"names": list(self.names), "kinds": list(self.kinds)}
        return {"type": "NumberTarget", **fields, "mean": self.mean.copy(), "std": self.std.copy()}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        scale = {"mean": np.ndarray, "std": np.ndarray}
        known = remembered(state, {"names": list[str], "kinds": list[Kind], **scale})
        names, kinds, mean, std = map(len, known.values())
        if not (names == kinds and mean == std and names in (1, mean)):
            raise CheckpointError(f"data: NumberTarget: {names} names, {kinds} kinds, {mean} means, {std} deviations")
        return cls(**known)


def fitted(raw: ValueStream) -> tuple[Array, Array]:
    """Mean and deviation of a column. DataError if its rows do not differ."""
    lows = [values.min(axis=0) for values in known_rows(raw)]
    highs = [values.max(axis=0) for values in known_rows(raw)]
    if not lows or (np.min(lows, axis=0) == np.max(highs, axis=0)).all():
        raise DataError(f"target {raw.name!r}: expected numbers that differ, got the same in every training row")
    return streamed_moments(lambda: known_rows(raw))


def known_rows(raw: ValueStream) -> Iterator[Array]:
    """The rows of each piece (n, k) in which no number is missing, where there are any."""
    for chunk in raw.chunks():
        values = table_of(chunk)
        known = values[~np.isnan(values).any(axis=1)]
        if len(known):
            yield known


def table_of(raw: RawColumn) -> Array:
    """The values as (n, k). DataError if they are not numbers."""
    if raw.kind not in ("number", "boolean"):
        raise DataError(
            f"target {raw.name!r}: expected numbers for a regression, got {raw.kind}; or set task to classification"
        )
    return raw.values.reshape(len(raw.values), -1)
