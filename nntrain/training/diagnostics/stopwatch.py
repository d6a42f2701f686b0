"""A stopwatch that attributes all time to one of several activities."""

from __future__ import annotations

import copy
import time
from collections import Counter
from collections.abc import Callable
from typing import Any


class TimeSpent:
    """The ``seconds`` and ``calls`` of one activity, without the activities that are timed inside it.

    ``whole``: its seconds include everything inside it.
    """

    def __init__(self, *, whole: bool = False) -> None:
        self.is_whole = whole
        self.seconds = 0.0
        # By function: a pass is one call, or one call for each half of it.
        self.call_counts: Counter[str] = Counter()

    @property
    def calls(self) -> int:
        """The number of calls."""
        return max(self.call_counts.values(), default=0)


class Stopwatch:
    """Attributes every moment to the innermost current activity, or to ``other``."""

    def __init__(self) -> None:
        self.other = TimeSpent()
        self.start()

    def start(self) -> None:
        """Start now, without an activity."""
        self.current = self.other
        self.switched_at = time.perf_counter()

    def switch(self, spent: TimeSpent) -> TimeSpent:
        """Attribute the time from now on to ``spent``, and return the previous activity."""
        now = time.perf_counter()
        self.current.seconds += now - self.switched_at
        self.switched_at = now
        before, self.current = self.current, spent
        return before


class TimedFunction:
    """A timed replacement of a function.

    A deep copy of the component whose attribute it is times the copy's own function.
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
