"""y = x − log Σ exp x."""

from nntrain.compute.array import Array
from nntrain.nn.functional import log_softmax, log_softmax_gradient
from nntrain_activation.class_axis_module import ClassAxisModule


class LogSoftMax(ClassAxisModule):
    """y = x − m − log Σ exp(x − m), m = max x;  dx = dy − exp(y) Σ dy.

    Shapes:
        x (C,), (N, C), (C, H, W) or (N, C, H, W) → y of the same shape; the sums run over C
    Errors: ShapeError for other numbers of axes.
    Source: torch/nn, LogSoftMax.lua. Three axes are a single sample, not a batch.
    """

    output_form = "log_probabilities"

    def value(self, x: Array, axis: int, out: Array) -> None:
        log_softmax(x, axis, out, self.buffer("scratch", x.shape, like=x))

    def gradient(self, y: Array, dy: Array, axis: int, out: Array) -> None:
        log_softmax_gradient(y, dy, axis, out)
