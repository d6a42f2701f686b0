"""Where time goes, told apart without gaps."""

from __future__ import annotations

import copy
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

__all__ = ["Stopwatch", "TimeSpent", "TimedFunction"]


class TimeSpent:
    """``seconds`` that one thing took, without those of what was timed inside it, in so many ``calls``.

    ``whole``: what is timed elsewhere belongs to this one while it goes on.
    """

    def __init__(self, *, whole: bool = False) -> None:
        self.is_whole = whole
        self.seconds = 0.0
        # By the name of the function: a pass may be made in one call, or in a call for each half of it.
        self.call_counts: Counter[str] = Counter()

    @property
    def calls(self) -> int:
        """How often it was done."""
        return max(self.call_counts.values(), default=0)


class Stopwatch:
    """Every moment belongs to the innermost thing that is going on, or else to ``rest``."""

    def __init__(self) -> None:
        self.other = TimeSpent()
        self.start()

    def start(self) -> None:
        """Start now, with nothing going on."""
        self.current = self.other
        self.switched_at = time.perf_counter()

    def switch(self, spent: TimeSpent) -> TimeSpent:
        """Let the time from now on be that of ``spent``; returns whose it was."""
        now = time.perf_counter()
        self.current.seconds += now - self.switched_at
        self.switched_at = now
        before, self.current = self.current, spent
        return before


class TimedFunction:
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
        if current is self.spent or current.is_whole:
            return self.function(*args, **kwargs)
        before = self.stopwatch.switch(self.spent)
        self.spent.call_counts[self.name] += 1
        try:
            return self.function(*args, **kwargs)
        finally:
            self.stopwatch.switch(before)

    def __deepcopy__(self, memo: dict[int, Any]) -> TimedFunction:
        return TimedFunction(self.stopwatch, self.spent, self.name, copy.deepcopy(self.function, memo))
