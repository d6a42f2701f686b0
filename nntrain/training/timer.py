"""The training time of a run."""

from __future__ import annotations

import time
from typing import Any

from nntrain.specs.state_schema import validate_state


class Timer:
    """A context that counts seconds, including those before a resume. ``limit``: maximum seconds, or None.

    It only decides when to stop; results do not depend on it otherwise.
    """

    def __init__(self, limit: float | None) -> None:
        self.limit = limit
        self.previous_seconds = 0.0
        self.started_at: float | None = None

    def __enter__(self) -> Timer:
        self.started_at = time.monotonic()
        return self

    def __exit__(self, *error: object) -> None:
        self.previous_seconds, self.started_at = self.seconds, None

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return self.previous_seconds + (0.0 if self.started_at is None else time.monotonic() - self.started_at)

    @property
    def is_over(self) -> bool:
        """Whether the limit, if any, is reached."""
        return self.limit is not None and self.seconds >= self.limit

    def state(self) -> dict[str, Any]:
        return {"seconds": self.seconds}

    def restore(self, state: dict[str, Any]) -> None:
        self.previous_seconds = validate_state(state, {"seconds": float}, "clock")["seconds"]
