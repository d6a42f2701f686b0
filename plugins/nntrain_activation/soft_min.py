"""y = exp(−x) / Σ exp(−x)."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.functional import softmax, softmax_gradient
from nntrain_activation.class_axis_module import ClassAxisModule


class SoftMin(ClassAxisModule):
    """y = exp(m − x) / Σ exp(m − x), m = min x;  dx = −y (dy − Σ dy y).

    Shapes:
        x (C,), (N, C), (C, H, W) or (N, C, H, W) → y of the same shape; the sums run over C
    Errors: ShapeError for other numbers of axes.
    Source: torch/nn, SoftMin.lua. Three axes are a single sample, not a batch.
    """

    output_form = "probabilities"

    def value(self, x: Array, axis: int, out: Array) -> None:
        np.negative(x, out=out)
        softmax(out, axis, out)

    def gradient(self, y: Array, dy: Array, axis: int, out: Array) -> None:
        softmax_gradient(y, dy, axis, out)
        np.negative(out, out=out)
