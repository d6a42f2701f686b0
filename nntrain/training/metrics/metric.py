"""The base of all scores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from nntrain.nn.array import Array

__all__ = ["Metric"]


class Metric(ABC):
    """A score over rows that come in batches. ``sums`` is all that it remembers, in float64."""

    name: ClassVar[str]
    higher_is_better: ClassVar[bool] = True

    # How many numbers are summed up.
    terms: ClassVar[int] = 1

    def __init__(self) -> None:
        self.rows = 0.0
        self.sums = np.zeros(self.terms)

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        """Add a batch: predictions y (labels, or numbers in the target's units) and targets t.

        ``weights`` (N,): how often each row counts; None: once.
        """
        self.rows += len(t) if weights is None else float(weights.sum(dtype=np.float64))
        self.sums += self.summed(y, t, weights)

    @abstractmethod
    def summed(self, y: Array, t: Array, weights: Array | None) -> Array | float:
        """The sums of one batch."""

    @staticmethod
    def total(terms: Array, weights: Array | None) -> float:
        """Σ w terms, over the rows (N,)."""
        return float(terms.sum() if weights is None else np.dot(terms, weights))

    @abstractmethod
    def value(self) -> float:
        """The score of all rows so far."""

    def state(self) -> dict[str, object]:
        """The sums so far."""
        return {"rows": self.rows, "sums": self.sums.copy()}

    def restore(self, state: dict[str, object]) -> None:
        """Go on from a ``state``."""
        self.rows = float(str(state["rows"]))
        self.sums = np.array(state["sums"], np.float64)
