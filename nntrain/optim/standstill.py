"""How long a score has not got better."""

from __future__ import annotations

import math
from typing import Any

from nntrain.nn.remembered import COUNT, remembered

__all__ = ["Standstill"]


class Standstill:
    """Counts how many scores in a row were not above the mark, the last score that was, by more than ``threshold``.

    Higher scores are better; a score that is no number is never better.
    """

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self.mark = -math.inf
        self.count = 0

    def hear(self, score: float) -> None:
        """Take the next score."""
        if score > self.mark + self.threshold:
            self.mark, self.count = score, 0
        else:
            self.count += 1

    def state(self) -> dict[str, Any]:
        """The mark, None before the first, and the count."""
        return {"mark": None if math.isinf(self.mark) else self.mark, "count": self.count}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""
        known = remembered(state, {"mark": float | None, "count": COUNT}, "standstill")
        self.mark = -math.inf if known["mark"] is None else known["mark"]
        self.count = known["count"]
