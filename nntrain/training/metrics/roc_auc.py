"""The area under the receiver operating characteristic."""

from typing import Literal

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.ranking_metric import RankingMetric

# Bytes per row while the probabilities of one class are sorted.
UNWEIGHTED_SORT_BYTES = 5

# Rows to rank at once.
BLOCK_ROWS = 2**16

SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


class ROCAUC(RankingMetric):
    """P(p of a positive row > p of a negative row) + P(equal) / 2."""

    name = "roc_auc"

    def get_bytes_per_row(self, *, is_weighted: bool = False) -> int:
        return super().get_bytes_per_row() if is_weighted else self.count_kept_bytes() + UNWEIGHTED_SORT_BYTES

    def compute_column_area(self, column: int) -> float | None:
        if self.is_weighted:
            return super().compute_column_area(column)
        # Σ over positive rows of the negative rows below it, plus half of the equal ones. Multiples of one half are
        # exact, so the order of the rows does not change the sum.
        positives, negatives = (self.sort_scores(column, positive=positive) for positive in (True, False))
        if not len(positives) or not len(negatives):
            return None
        below = 0.0
        for begin in range(0, len(positives), BLOCK_ROWS):
            some = positives[begin : begin + BLOCK_ROWS]
            first, last = (np.searchsorted(negatives, some, side) for side in SIDES)
            below += float(first.sum() + last.sum()) / 2
        return below / (float(len(positives)) * float(len(negatives)))

    def sort_scores(self, column: int, *, positive: bool) -> Array:
        """Return the probabilities of the rows with a class or label, or of those without it, ascending."""
        count = sum(int((self.is_positive(t, column) == positive).sum()) for _, t, _ in self.blocks)
        found = np.empty(count, self.blocks[0][0].dtype)
        done = 0
        for scores, truths, _ in self.blocks:
            some = scores[self.is_positive(truths, column) == positive, column]
            found[done : done + len(some)] = some
            done += len(some)
        found.sort()
        return found

    def compute_area(self, positives: Array, negatives: Array) -> float:
        below = np.cumsum(negatives) - negatives / 2
        return float(np.dot(positives, below) / (positives.sum() * negatives.sum()))
