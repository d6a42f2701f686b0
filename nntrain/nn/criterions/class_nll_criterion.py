"""L = −Σ w_t x[t] / Σ w_t."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.class_criterion import ClassCriterion

__all__ = ["ClassNLLCriterion"]


class ClassNLLCriterion(ClassCriterion):
    """L = −Σ w_t x[t] / W;  dx[i, t_i] = −w_t / W;  W = Σ w_t, or 1 unless size_average.

    Shapes:
        x (C,) or (N, C) log-probabilities, t a label or (N,) labels, weights (C,)
    Rows whose label is ``ignore_index`` count nowhere; if no row counts, loss and gradient are 0.
    Errors: ShapeError for a label outside 0..C-1, or as many labels as there are not rows.
    Source: torch/nn, ClassNLLCriterion.lua. The mean is weighted: divided by W, not by N.
    """

    def __init__(
        self, weights: Sequence[float] | Array | None = None, size_average: bool = True, ignore_index: int = -100
    ) -> None:
        self.keep_weights(weights)
        self.size_average = size_average
        self.ignore_index = ignore_index

    def update_output(self, x: Array, t: Array | int) -> float:
        rows = self.rows(x)
        labels = self.labels(t, rows, self.ignore_index)
        counts = labels != self.ignore_index
        self._picks = np.flatnonzero(counts), labels[counts]
        w = np.ones(1, rows.dtype) if self.weights is None else self.weights[self._picks[1]]
        self._w = np.broadcast_to(w, self._picks[1].shape)
        self._W = float(self._w.sum()) if self.size_average else 1.0
        total = -float((self._w * rows[self._picks]).sum())
        self.output = total / self._W if self._W else 0.0
        return self.output

    def update_grad_input(self, x: Array, t: Array | int) -> Array:
        dx = self.grad_input_of(x)
        dx[...] = 0
        if self._W:
            self.rows(dx)[self._picks] = -self._w / self._W
        return dx
