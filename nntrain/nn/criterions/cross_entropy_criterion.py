"""L = ClassNLLCriterion(LogSoftMax(x), t)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.criterion import Criterion
from nntrain.nn.criterions.class_nll_criterion import ClassNLLCriterion
from nntrain.nn.softmax import log_softmax

__all__ = ["CrossEntropyCriterion"]


class CrossEntropyCriterion(Criterion):
    """L = −Σ w_t log softmax(x)[t] / W;  dx = w_t (softmax(x) − [t]) / W;  W = Σ w_t, or 1 unless size_average.

    Shapes:
        x (C,) or (N, C) scores, t a label or (N,) labels, weights (C,); axes of size 1 are squeezed out first,
        so (N, C, 1, 1) with (N, 1) works, and (1, C) is a single sample
    Errors: as ClassNLLCriterion.
    Source: torch/nn, CrossEntropyCriterion.lua.
    """

    mutable_arguments = ("size_average",)

    def __init__(self, weights: Sequence[float] | Array | None = None, size_average: bool = True) -> None:
        self.nll = ClassNLLCriterion(weights, size_average)
        self.size_average = size_average

    def update_output(self, x: Array, t: Array | int) -> float:
        scores = self.squeezed(x)
        y = self.buffer("log probabilities", scores.shape, like=scores)
        log_softmax(scores, -1, y, self.buffer("scratch", scores.shape, like=scores))
        self.nll.size_average = self.size_average
        self.output = self.nll.forward(y, np.squeeze(t))
        return self.output

    def update_grad_input(self, x: Array, t: Array | int) -> Array:
        y = self.buffer("log probabilities", self.squeezed(x).shape, like=x)
        dy = self.nll.backward(y, np.squeeze(t))
        # dx = dy − softmax(x) Σ dy, row by row
        dx = self.grad_input_of(x)
        inner = dx.reshape(y.shape)
        np.exp(y, out=inner)
        np.multiply(inner, dy.sum(-1, keepdims=True), out=inner)
        np.subtract(dy, inner, out=inner)
        return dx

    def squeezed(self, x: Array) -> Array:
        """x without axes of size 1, but for that of a single class score."""
        scores = np.squeeze(x)
        return scores if scores.ndim else scores.reshape(1)
