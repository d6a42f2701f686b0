"""Paired measurements: the systems take turns, round by round; the ratio is the median of the rounds' ratios.

Other load on the machine affects both systems of a round, and a single disturbed round does not change the median.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

__all__ = ["Ratio", "Turn", "Work", "alternate", "medians", "ratios", "scale", "turn"]

Work = Callable[[], object]
Turn = Callable[[], float]
Context = Callable[[], AbstractContextManager[object]]

# Warm-up before the first turn: buffers are allocated, and functions are compiled.
WARM_UP = 3


@dataclass(frozen=True)
class Ratio:
    """The median over the rounds, with minimum and maximum."""

    median: float
    least: float
    most: float


def alternate(turns: Mapping[str, Turn], rounds: int) -> dict[str, list[float]]:
    """Return the results of each system, one per round. Every other round runs in reverse order."""
    taken: dict[str, list[float]] = {side: [] for side in turns}
    for number in range(rounds):
        for side in list(turns) if number % 2 == 0 else reversed(list(turns)):
            taken[side].append(turns[side]())
    return taken


def turn(work: Work, seconds: float, context: Context = nullcontext) -> Turn:
    """Return the median time of ``work`` in a turn of some seconds.

    The first half is not timed: the other system's threads go to sleep, caches fill, and threads move to free cores.
    """
    with context():
        for _ in range(WARM_UP):
            work()

    def taken() -> float:
        times: list[float] = []
        with context():
            begin = now = time.perf_counter()
            while now - begin < seconds or not times:
                start = time.perf_counter()
                work()
                now = time.perf_counter()
                if now - begin > seconds / 2 and start > begin:
                    times.append(now - start)
        return statistics.median(times)

    return taken


def scale(taken: Mapping[str, Sequence[float]], factor: float) -> dict[str, list[float]]:
    """Return the rounds of each system in another unit."""
    return {side: [value * factor for value in rounds] for side, rounds in taken.items()}


def medians(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the median of each system's rounds."""
    return {side: statistics.median(rounds) for side, rounds in taken.items()}


def ratios(taken: Mapping[str, Sequence[float]], base: str) -> dict[str, Ratio]:
    """Return the ratio of each other system to the base, over the rounds."""
    return {side: ratio(rounds, taken[base]) for side, rounds in taken.items() if side != base}


def ratio(above: Sequence[float], below: Sequence[float]) -> Ratio:
    """Return the ratio above / below of paired rounds."""
    each = [a / b for a, b in zip(above, below, strict=True)]
    return Ratio(statistics.median(each), min(each), max(each))
