"""The one way of comparing: sides take turns, round by round, and the ratio is the median of the rounds' ratios.

What else the machine does meets both sides of a round alike, and a round that it spoilt does not move the median.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

__all__ = ["Ratio", "Turn", "Work", "alternate", "medians", "ratios", "turn"]

Work = Callable[[], object]
Turn = Callable[[], float]
Context = Callable[[], AbstractContextManager[object]]

# Before the first turn: what is kept is allocated, what is jitted compiled.
WARM_UP = 3


@dataclass(frozen=True)
class Ratio:
    """The median over the rounds, and how far they lie apart."""

    median: float
    least: float
    most: float


def alternate(turns: Mapping[str, Turn], rounds: int) -> dict[str, list[float]]:
    """What each side's turns give, one a round. Every other round goes backwards: nobody always comes first."""
    taken: dict[str, list[float]] = {side: [] for side in turns}
    for number in range(rounds):
        for side in list(turns) if number % 2 == 0 else reversed(list(turns)):
            taken[side].append(turns[side]())
    return taken


def turn(work: Work, seconds: float, context: Context = nullcontext) -> Turn:
    """The median time of ``work`` while its side has the process for some seconds.

    The first half is not timed: the other side's threads go to sleep in it, caches fill, and the system moves this
    side's threads to free cores.
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


def medians(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each side's rounds."""
    return {side: statistics.median(rounds) for side, rounds in taken.items()}


def ratios(taken: Mapping[str, Sequence[float]], base: str) -> dict[str, Ratio]:
    """Each other side's figure / the base's, round by round."""
    return {side: ratio(rounds, taken[base]) for side, rounds in taken.items() if side != base}


def ratio(above: Sequence[float], below: Sequence[float]) -> Ratio:
    """above / below."""
    each = [a / b for a, b in zip(above, below, strict=True)]
    return Ratio(statistics.median(each), min(each), max(each))
