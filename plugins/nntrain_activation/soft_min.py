"""y = exp(−x) / Σ exp(−x)."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.functional import softmax, softmax_gradient
from nntrain_activation.class_axis_module import ClassAxisModule

__all__ = ["SoftMin"]


class SoftMin(ClassAxisModule):
    """y = exp(m − x) / Σ exp(m − x), m = min x;  dx = −y (dy − Σ dy y).

    Shapes:
        x (C,), (N, C), (C, H, W) or (N, C, H, W) → y of the same shape; the sums run over C
    Errors: ShapeError for other numbers of axes.
    Source: torch/nn, SoftMin.lua. Three axes are a single sample, not a batch.
    """

    needs_output = True

    output_form = "probabilities"

    def update_output(self, x: Array) -> Array:
        axis = self.get_class_axis(x)
        y = self.output_of(x.shape, like=x)
        np.negative(x, out=y)
        softmax(y, axis, y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        softmax_gradient(self.output, dy, self.get_class_axis(x), dx)
        np.negative(dx, out=dx)
        return dx
