"""How long a run has trained."""

from __future__ import annotations

import time

__all__ = ["Clock"]


class Clock:
    """Seconds of training, with those before a resume. It says when to stop, and has no part in what is computed."""

    def __init__(self, before: float, limit: float | None) -> None:
        self.begun = time.monotonic() - before
        self.limit = limit

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return time.monotonic() - self.begun

    @property
    def over(self) -> bool:
        """Whether there is a limit, and it is reached."""
        return self.limit is not None and self.seconds >= self.limit
