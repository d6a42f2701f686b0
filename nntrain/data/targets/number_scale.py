"""The scale on which k numbers are learned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.preprocessing.moments import streamed_moments, streamed_skewness
from nntrain.data.targets.log_scale import MIN_SPREAD, is_log_better, to_log
from nntrain.errors import DataError

__all__ = ["NumberScale"]

ChunkSource = Callable[[], Iterable[Array]]


class NumberScale:
    """``low``, ``high``, ``mean``, ``std``, ``log_start`` (k,) of rows that come in chunks (n, k).

    Mean and standard deviation are those of the logarithms where ``log_start`` is not 0, after ``choose``.
    """

    def __init__(self, chunks: ChunkSource, rows: int, low: Array, high: Array) -> None:
        self.chunks = chunks
        self.rows = rows
        self.low = low
        self.high = high
        self.mean, self.std = streamed_moments(chunks)
        self.log_start = np.zeros(len(low))

    @classmethod
    def fit(cls, chunks: ChunkSource) -> Self | None:
        """The scale of the numbers as they are; None if there are none."""
        found = [(len(values), values.min(axis=0), values.max(axis=0)) for values in chunks()]
        if not found:
            return None
        rows, lows, highs = zip(*found, strict=True)
        return cls(chunks, sum(rows), np.min(lows, axis=0), np.max(highs, axis=0))

    def choose_log_scales(self, choices: Sequence[tuple[str, str]]) -> list[str]:
        """Take a log scale for each number whose choice is "log", or "auto" where it is clearly better.

        ``choices``: the name and the choice of each. Returns a note for each that is taken. DataError for a number that
        is not positive.
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
        mean, std = streamed_moments(self._to_log_chunks(start))
        skewness = streamed_skewness(self.chunks, self.mean, self.std)
        log_skewness = streamed_skewness(self._to_log_chunks(start), mean, std)
        suited = possible & is_log_better(self.rows, skewness, log_skewness)
        taken = possible & ((suited & (std >= MIN_SPREAD)) | [choice == "log" for _, choice in choices])
        self.log_start = np.where(taken, start, 0.0)
        self.mean, self.std = np.where(taken, mean, self.mean), np.where(taken, std, self.std)
        return [
            format_scale_note(label, choice, skew, log_skew, chosen=log)
            for (label, choice), skew, log_skew, log, suit in zip(
                choices, skewness, log_skewness, taken, suited, strict=True
            )
            if log or suit
        ]

    def _to_log_chunks(self, start: Array) -> ChunkSource:
        return lambda: (to_log(values, start) for values in self.chunks())


def format_scale_note(label: str, choice: str, skewness: float, log_skewness: float, *, chosen: bool) -> str:
    """Why a number is learned on a log scale, or that it may be tried."""
    learned = f"the target {label!r} is learned on a log scale"
    if choice == "log":
        return f"{learned}, set by data.target_transform"
    why = f"positive and skewed (skewness {skewness:.2f}, of its logarithms {log_skewness:.2f})"
    if chosen:
        return f"{learned}: it is {why} and spans orders of magnitude; as it is: --set data.target_transform=none"
    return (
        f"the target {label!r} is {why}: a log scale may make relative errors smaller, and squared ones larger; to try "
        "it: --set data.target_transform=log"
    )
