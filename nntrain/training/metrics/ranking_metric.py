"""The base of metrics that are areas under curves."""

from abc import abstractmethod
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.metric import Metric

# Bytes per row while the probabilities of a class are sorted.
SORT_BYTES = 80


class RankingMetric(Metric):
    """The area under a curve over all thresholds of the probability of a class or label.

    The second of two classes is the positive one. For more classes, and for labels, the score is the mean over those
    that some rows have and some do not, each against the rest. NaN if there is none.

    It is exact, so the probabilities of all rows are kept: per row 4 bytes for each class (one of two) or label, 1 to 4
    for the class or 1 for each label, and 4 for the sample weight, if any.
    """

    tasks = ("classification", "multilabel")
    takes = "probabilities"
    keeps_rows = True

    def clear(self) -> None:
        self.is_binary = self.task == "classification" and len(self.labels) == 2
        self.blocks: list[tuple[Array, Array, Array]] = []

    def get_bytes_per_row(self, *, is_weighted: bool = False) -> int:
        # Blocks and their concatenation are in memory at once; then come order, weights and sums of one column.
        return 2 * self.count_kept_bytes() + SORT_BYTES

    def count_kept_bytes(self) -> int:
        """Return the bytes that are kept per row."""
        columns = 1 if self.is_binary else len(self.labels)
        truths = columns if self.task == "multilabel" else np.min_scalar_type(len(self.labels)).itemsize
        return 4 * columns + truths + 4

    def update(self, y: Array, t: Array, weights: Array | None = None) -> None:
        scores = y[:, 1:] if self.is_binary else y
        truths = t.copy() if t.ndim == 2 else t.astype(np.min_scalar_type(max(len(self.labels) - 1, 0)))
        self.blocks.append((scores.copy(), truths, np.empty(0, np.float32) if weights is None else weights.copy()))

    def join_blocks(self) -> tuple[Array, Array, Array]:
        """Return probabilities (N, columns), truths and weights of all rows so far; no weights if all are 1."""
        if self.is_weighted:
            self.blocks = [(y, t, w if len(w) else np.ones(len(y), np.float32)) for y, t, w in self.blocks]
        scores, truths, weights = (np.concatenate(blocks) for blocks in zip(*self.blocks, strict=True))
        self.blocks = [(scores, truths, weights)]
        return self.blocks[0]

    @property
    def is_weighted(self) -> bool:
        """Whether rows have weights."""
        return any(len(weights) for _, _, weights in self.blocks)

    def is_positive(self, truths: Array, column: int) -> Array:
        """Whether each row has the class or label of a column."""
        return truths[:, column] if truths.ndim == 2 else truths == (1 if self.is_binary else column)

    @abstractmethod
    def compute_area(self, positives: Array, negatives: Array) -> float:
        """Return the area from Σ w of the positive and the negative rows at each distinct probability, ascending."""

    def compute(self) -> float:
        if not self.blocks or any(np.isnan(scores).any() for scores, _, _ in self.blocks):
            return float("nan")
        areas = [self.compute_column_area(column) for column in range(self.blocks[0][0].shape[1])]
        known = [area for area in areas if area is not None]
        return float(np.mean(known)) if known else float("nan")

    def compute_column_area(self, column: int) -> float | None:
        """Return the area of a class or label against the rest; None if all rows have it, or none."""
        scores, truths, weights = self.join_blocks()
        counts = weights if len(weights) else np.ones(len(scores), np.float32)
        positives, negatives = sum_by_score(scores[:, column], self.is_positive(truths, column), counts)
        return self.compute_area(positives, negatives) if positives.sum() > 0 and negatives.sum() > 0 else None

    def state(self) -> dict[str, Any]:
        return {"kept": list(self.join_blocks()) if self.blocks else []}

    def restore(self, state: dict[str, Any]) -> None:
        scores, truths, weights = state["kept"] or [np.empty(0)] * 3
        self.blocks = [(scores, truths, weights)] if len(scores) else []


def sum_by_score(score: Array, positive: Array, weights: Array) -> tuple[Array, Array]:
    """Σ w of the positive rows, and of the negative rows, at each distinct score, ascending."""
    order = np.argsort(score, kind="stable")
    score, positive, weights = score[order], positive[order], weights[order].astype(np.float64)
    first = np.flatnonzero(np.concatenate([[True], score[1:] != score[:-1]]))
    return np.add.reduceat(weights * positive, first), np.add.reduceat(weights * ~positive, first)
