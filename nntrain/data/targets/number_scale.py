"""The scale on which numbers are learned: as they are, or logarithmic."""

from collections.abc import Callable, Iterable, Sequence
from typing import Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.preprocessing.moments import compute_moments, compute_skewness
from nntrain.errors import DataError

ChunkSource = Callable[[], Iterable[Array]]

# A log scale suits numbers with a skewness above the first if the skewness of their logarithms is below the second.
MIN_SKEWNESS, MAX_LOG_SKEWNESS = 1.0, 0.5

# It is clearly better if the standard deviation of the logarithms is at least this: 95 % of the values then span a
# factor of 400. Below, relative errors become smaller, but squared errors often become larger.
MIN_SPREAD = 1.5

# With fewer rows than this, skewness may be chance.
MIN_ROWS = 100


class NumberScale:
    """``low``, ``high``, ``mean``, ``std``, ``log_start`` (k,) of rows in chunks (n, k).

    Where ``log_start`` is not 0, set by ``choose_log_scales``, mean and std are those of the logarithms.
    """

    def __init__(self, chunks: ChunkSource, rows: int, low: Array, high: Array) -> None:
        self.chunks = chunks
        self.rows = rows
        self.low = low
        self.high = high
        self.mean, self.std = compute_moments(chunks)
        self.log_start = np.zeros(len(low))

    @classmethod
    def fit(cls, chunks: ChunkSource) -> Self | None:
        """Return the scale of the numbers as they are; None without rows."""
        ranges = [(len(values), values.min(axis=0), values.max(axis=0)) for values in chunks()]
        if not ranges:
            return None
        rows, lows, highs = zip(*ranges, strict=True)
        return cls(chunks, sum(rows), np.min(lows, axis=0), np.max(highs, axis=0))

    def choose_log_scales(self, choices: Sequence[tuple[str, str]]) -> list[str]:
        """Choose a log scale for each number set to "log", and for "auto" if it is clearly better.

        ``choices``: the name and the setting of each. Returns notes about log scales. DataError for "log" and numbers
        that are not all positive.
        """
        for (label, choice), low in zip(choices, self.low, strict=True):
            if choice == "log" and low <= 0:
                raise DataError(
                    f"target {label!r}: data.target_transform: expected numbers above 0 for a log scale, got {low:g}; "
                    "set it to none"
                )
        possible = np.array([choice != "none" for _, choice in choices]) & (self.low > 0)
        if not possible.any():
            return []
        start = np.where(possible, self.low, 0.0)
        mean, std = compute_moments(self._to_log_chunks(start))
        skewness = compute_skewness(self.chunks, self.mean, self.std)
        log_skewness = compute_skewness(self._to_log_chunks(start), mean, std)
        suited = possible & (skewness > MIN_SKEWNESS) & (np.abs(log_skewness) < MAX_LOG_SKEWNESS)
        suited &= self.rows >= MIN_ROWS
        chosen = possible & ((suited & (std >= MIN_SPREAD)) | [choice == "log" for _, choice in choices])
        self.log_start = np.where(chosen, start, 0.0)
        self.mean, self.std = np.where(chosen, mean, self.mean), np.where(chosen, std, self.std)
        return [
            format_scale_note(label, choice, *skews, chosen=log)
            for (label, choice), log, suits, *skews in zip(choices, chosen, suited, skewness, log_skewness, strict=True)
            if log or suits
        ]

    def _to_log_chunks(self, start: Array) -> ChunkSource:
        return lambda: (to_log(values, start) for values in self.chunks())


def to_log(x: Array, start: Array) -> Array:
    """ln x from ``start`` > 0 on; below, its tangent there, so every number has a value; x where ``start`` is 0.

    Shapes:
        x (n, k) → (n, k) float64;  start (k,)
    """
    y = np.array(x, np.float64)
    for column, low in enumerate(start):
        if low > 0:
            # One contiguous column at a time, so that the bits do not depend on its neighbors.
            values = np.ascontiguousarray(y[:, column])
            y[:, column] = np.where(values < low, np.log(low) + (values - low) / low, np.log(np.maximum(values, low)))
    return y


def from_log(y: Array, start: Array) -> Array:
    """The inverse of ``to_log``."""
    x = np.array(y, np.float64)
    for column, low in enumerate(start):
        if low > 0:
            values, edge = np.ascontiguousarray(x[:, column]), np.log(low)
            with np.errstate(over="ignore"):
                x[:, column] = np.where(values < edge, low * (1 + values - edge), np.exp(np.maximum(values, edge)))
    return x


def format_scale_note(label: str, choice: str, skewness: float, log_skewness: float, *, chosen: bool) -> str:
    """Return why a number is learned on a log scale, or a suggestion to try one."""
    learned = f"the target {label!r} is learned on a log scale"
    if choice == "log":
        return f"{learned}, set by data.target_transform"
    reason = f"positive and skewed (skewness {skewness:.2f}, of its logarithms {log_skewness:.2f})"
    if chosen:
        advice = "to turn it off: --set data.target_transform=none"
        return f"{learned}: it is {reason} and spans orders of magnitude; {advice}"
    return (
        f"the target {label!r} is {reason}: a log scale may reduce relative errors and increase squared ones; to try "
        "it: --set data.target_transform=log"
    )
