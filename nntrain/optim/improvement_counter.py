"""Detection of a score that does not improve."""

import math
from typing import Any

from nntrain.specs.state_schema import COUNT, validate_state


class ImprovementCounter:
    """Counts the epochs since a score last exceeded the best one by more than ``threshold``.

    Higher scores are better; NaN is never better. With ``patience`` 0, the patience is never used up.
    """

    def __init__(self, threshold: float, patience: int) -> None:
        self.threshold = threshold
        self.patience = patience
        self.best_score = -math.inf
        self.bad_epochs = 0

    def update(self, score: float) -> None:
        """Add the score of an epoch."""
        if score > self.best_score + self.threshold:
            self.best_score, self.bad_epochs = score, 0
        else:
            self.bad_epochs += 1

    @property
    def is_patience_used_up(self) -> bool:
        """Whether the score has not improved for ``patience`` epochs."""
        return 0 < self.patience <= self.bad_epochs

    def state(self) -> dict[str, Any]:
        """Return the best score, None before the first, and the count, by their keys in the file format."""
        return {"mark": None if math.isinf(self.best_score) else self.best_score, "count": self.bad_epochs}

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a ``state``."""
        known = validate_state(state, {"mark": float | None, "count": COUNT}, "standstill")
        self.best_score = -math.inf if known["mark"] is None else known["mark"]
        self.bad_epochs = known["count"]
