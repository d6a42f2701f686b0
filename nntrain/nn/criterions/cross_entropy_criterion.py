"""L = −Σ w_t log softmax(x)[t] / Σ w_t."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array, Index
from nntrain.nn.class_criterion import ClassCriterion

__all__ = ["CrossEntropyCriterion"]

# With fewer classes than this, the maximum and the sum of each row are found several times faster in memory where the
# samples of one class lie side by side.
FEW = 64


class CrossEntropyCriterion(ClassCriterion):
    """L = −Σ w_t log softmax(x)[t] / W;  dx = w_t (softmax(x) − [t]) / W;  W = Σ w_t, or 1 unless size_average.

    Shapes:
        x (C,) or (N, C) scores, t a label or (N,) labels, weights (C,); axes of size 1 are squeezed out first,
        so (N, C, 1, 1) with (N, 1) works, and (1, C) is a single sample
    Errors: as ClassNLLCriterion.
    Source: torch/nn, CrossEntropyCriterion.lua.
    """

    _picks: tuple[Index, Index]
    _shares: Array | float
    _powers: Array
    _sums: Array

    def update_output(self, x: Array, t: Array | int) -> float:
        scores = self.scores(x)
        labels = self.labels(t, scores)
        self._picks, self._shares = (self.numbers(len(labels)), labels), self.shares(labels)
        # z = x − max x:  −log softmax(x)[t] = log Σ exp z − z[t]. Backward goes on from exp z.
        z = self._powers = self.memory(scores)
        np.copyto(z, scores)
        np.subtract(z, np.maximum.reduce(z, axis=1, keepdims=True), out=z)
        picked = z[self._picks]
        np.exp(z, out=z)
        self._sums = np.add.reduce(z, axis=1)
        losses = np.log(self._sums)
        np.subtract(losses, picked, out=losses)
        self.output = self.total(losses, self._shares)
        return self.output

    def update_grad_input(self, x: Array, t: Array | int) -> Array:
        dx = self.grad_input_of(x)
        rows = dx.reshape(self._powers.shape)
        factors = np.divide(self._shares, self._sums, dtype=dx.dtype)
        np.multiply(self._powers, factors[:, None], out=rows)
        rows[self._picks] -= self._shares
        return dx

    def scores(self, x: Array) -> Array:
        """x without axes of size 1, as (N, C)."""
        if 1 in x.shape:
            x = np.squeeze(x)
        return self.rows(x if x.ndim else x.reshape(1))

    def memory(self, scores: Array) -> Array:
        """Memory in the shape of the scores."""
        n, classes = scores.shape
        if classes < FEW:
            return self.buffer("powers", (classes, n), like=scores).T
        return self.buffer("powers", (n, classes), like=scores)
