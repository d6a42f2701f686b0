"""The base of areas under curves."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.nn.array import Array
from nntrain.training.metrics.metric import Metric

if TYPE_CHECKING:
    from nntrain.data.target import Task

__all__ = ["RankedScores"]


class RankedScores(Metric):
    """The area under a curve that a threshold draws when it goes through all probabilities of a class or label.

    Of two classes the second is the positive one. Of more, and of labels, it is the mean over those that some rows
    have and others have not: each against the rest. NaN if there is none.

    It is exact, so the probabilities of all rows are kept: 4 bytes for each (one of two classes) and 8 for the row.
    """

    tasks = ("classification", "multilabel")
    takes = "probabilities"
    keeps_rows = True

    def begin(self, task: Task, labels: Sequence[str]) -> None:
        super().begin(task, labels)
        self.two = task == "classification" and len(labels) == 2
        self.kept: list[tuple[Array, Array, Array]] = []

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        scores = y[:, 1:] if self.two else y
        truths = t.copy() if t.ndim == 2 else t.astype(np.int32)
        self.kept.append((scores.copy(), truths, np.ones(len(t), np.float32) if weights is None else weights.copy()))

    def gathered(self) -> tuple[Array, Array, Array]:
        """Probabilities (N, columns), truths and weights of all rows so far."""
        scores, truths, weights = (np.concatenate(blocks) for blocks in zip(*self.kept, strict=True))
        self.kept = [(scores, truths, weights)]
        return self.kept[0]

    @abstractmethod
    def area(self, positives: Array, negatives: Array) -> float:
        """The area, from Σ w of the positive and the negative rows at each different probability, ascending."""

    def value(self) -> float:
        if not self.kept:
            return float("nan")
        scores, truths, weights = self.gathered()
        if np.isnan(scores).any():
            return float("nan")
        areas = []
        for column, score in enumerate(scores.T):
            positive = truths[:, column] if truths.ndim == 2 else truths == (1 if self.two else column)
            positives, negatives = ranked(score, positive, weights)
            if positives.sum() > 0 and negatives.sum() > 0:
                areas.append(self.area(positives, negatives))
        return float(np.mean(areas)) if areas else float("nan")

    def state(self) -> dict[str, Any]:
        return {"kept": list(self.gathered()) if self.kept else []}

    def restore(self, state: dict[str, Any]) -> None:
        scores, truths, weights = state["kept"] or [np.empty(0)] * 3
        self.kept = [(scores, truths, weights)] if len(scores) else []


def ranked(score: Array, positive: Array, weights: Array) -> tuple[Array, Array]:
    """Σ w of the rows that are positive, and of those that are not, at each different score, ascending."""
    order = np.argsort(score, kind="stable")
    score, positive, weights = score[order], positive[order], weights[order].astype(np.float64)
    first = np.flatnonzero(np.concatenate([[True], score[1:] != score[:-1]]))
    return np.add.reduceat(weights * positive, first), np.add.reduceat(weights * ~positive, first)
