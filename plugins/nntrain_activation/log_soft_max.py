"""y = x − log Σ exp x."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.nn.functional import log_softmax, log_softmax_gradient
from nntrain_activation.class_axis_module import ClassAxisModule

__all__ = ["LogSoftMax"]


class LogSoftMax(ClassAxisModule):
    """y = x − m − log Σ exp(x − m), m = max x;  dx = dy − exp(y) Σ dy.

    Shapes:
        x (C,), (N, C), (C, H, W) or (N, C, H, W) → y of the same shape; the sums run over C
    Errors: ShapeError for other numbers of axes.
    Source: torch/nn, LogSoftMax.lua. Three axes are a single sample, not a batch.
    """

    needs_output = True

    output_form = "log_probabilities"

    def update_output(self, x: Array) -> Array:
        axis = self.get_class_axis(x)
        y = self.output_of(x.shape, like=x)
        log_softmax(x, axis, y, self.buffer("scratch", x.shape, like=x))
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        log_softmax_gradient(self.output, dy, self.get_class_axis(x), dx)
        return dx
