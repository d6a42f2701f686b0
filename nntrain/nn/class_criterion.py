"""What the losses over class labels share: the weights and the check of labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.errors import ShapeError
from nntrain.nn.array import Array, Index
from nntrain.nn.criterion import Criterion

__all__ = ["ClassCriterion"]


class ClassCriterion(Criterion):
    """A loss of scores x and labels t, with a weight for each class: w_t is that of the target's class.

    Shapes:
        x (C,) or (N, C), t a number or (N,): integers 0..C-1
    """

    mutable_arguments = ("size_average",)

    weights: Array | None

    def keep_weights(self, weights: Sequence[float] | Array | None) -> None:
        """Keep the weights of the classes as an array."""
        self.weights = None if weights is None else np.asarray(weights, np.float64)

    def rows(self, x: Array) -> Array:
        """x as (N, C): a vector is a batch of one."""
        if x.ndim not in (1, 2):
            raise self.shape_error("scores of shape (C,) or (N, C)", x)
        x = x.reshape(-1, x.shape[-1])
        if self.weights is not None and len(self.weights) != x.shape[1]:
            raise self.shape_error(f"scores of {len(self.weights)} classes, as there are weights", x)
        return x

    def labels(self, t: Array | int, x: Array, ignore: int | None = None) -> Index:
        """The labels as integers (N,). ShapeError if they are not as many as rows, or one is outside 0..C-1."""
        labels = np.asarray(t).reshape(-1).astype(np.int64, copy=False)
        if labels.size != len(x):
            raise self.shape_error(f"{len(x)} labels, one for each row", t)
        wrong = (labels < 0) | (labels >= x.shape[1])
        if ignore is not None:
            wrong &= labels != ignore
        if wrong.any():
            row = int(wrong.argmax())
            raise self.placed(ShapeError(f"expected labels of 0..{x.shape[1] - 1}, got {labels[row]} in row {row}"))
        return labels
