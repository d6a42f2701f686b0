"""What a run tells while it trains."""

from __future__ import annotations

from typing import Any

__all__ = ["Events"]


class Events:
    """Calls that a run makes on its way. Each does nothing here; a listener overrides what it wants to hear."""

    def started(self, epoch: int, epochs: int, steps: int) -> None:
        """Training begins, or goes on, in an epoch (from 1) of so many steps."""

    def stepped(self, step: int, loss: float) -> None:
        """A step was made, the first of the run is 1; ``loss`` is that of its rows."""

    def epoch_ended(self, line: dict[str, Any]) -> None:
        """An epoch is over; ``line`` is what went into ``metrics.jsonl``."""

    def warned(self, what: str) -> None:
        """Something went wrong that training goes on in spite of."""

    def ended(self, why: str) -> None:
        """Training is over: in words, why."""
