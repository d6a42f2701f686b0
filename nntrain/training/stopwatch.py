"""Where time goes, told apart without gaps."""

from __future__ import annotations

import copy
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

__all__ = ["Stopwatch", "TimeSpent", "Timed"]


class TimeSpent:
    """``seconds`` that one thing took, without those of what was timed inside it, in so many ``calls``.

    ``whole``: what is timed elsewhere belongs to this one while it goes on.
    """

    def __init__(self, *, whole: bool = False) -> None:
        self.whole = whole
        self.seconds = 0.0
        # By the name of the function: a pass may be made in one call, or in a call for each half of it.
        self.called: Counter[str] = Counter()

    @property
    def calls(self) -> int:
        """How often it was done."""
        return max(self.called.values(), default=0)


class Stopwatch:
    """Every moment belongs to the innermost thing that is going on, or else to ``rest``."""

    def __init__(self) -> None:
        self.rest = TimeSpent()
        self.begin()

    def begin(self) -> None:
        """Start now, with nothing going on."""
        self.current = self.rest
        self.since = time.perf_counter()

    def turn(self, spent: TimeSpent) -> TimeSpent:
        """Let the time from now on be that of ``spent``; returns whose it was."""
        now = time.perf_counter()
        self.current.seconds += now - self.since
        self.since = now
        before, self.current = self.current, spent
        return before


class Timed:
    """A function that is timed; it stands in the place of the function itself.

    A deep copy of the component that it stands on times the copy's own function.
    """

    def __init__(self, stopwatch: Stopwatch, spent: TimeSpent, name: str, function: Callable[..., Any]) -> None:
        self.stopwatch = stopwatch
        self.spent = spent
        self.name = name
        self.function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        current = self.stopwatch.current
        if current is self.spent or current.whole:
            return self.function(*args, **kwargs)
        before = self.stopwatch.turn(self.spent)
        self.spent.called[self.name] += 1
        try:
            return self.function(*args, **kwargs)
        finally:
            self.stopwatch.turn(before)

    def __deepcopy__(self, memo: dict[int, Any]) -> Timed:
        return Timed(self.stopwatch, self.spent, self.name, copy.deepcopy(self.function, memo))
