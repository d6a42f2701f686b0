"""y = exp x / Σ exp x."""

from nntrain.compute.array import Array
from nntrain.nn.functional import softmax, softmax_gradient
from nntrain_activation.class_axis_module import ClassAxisModule


class SoftMax(ClassAxisModule):
    """y = exp(x − m) / Σ exp(x − m), m = max x;  dx = y (dy − Σ dy y).

    Shapes:
        x (C,), (N, C), (C, H, W) or (N, C, H, W) → y of the same shape; the sums run over C
    Errors: ShapeError for other numbers of axes.
    Source: torch/nn, SoftMax.lua. Three axes are a single sample, not a batch.
    """

    output_form = "probabilities"

    def value(self, x: Array, axis: int, out: Array) -> None:
        softmax(x, axis, out)

    def gradient(self, y: Array, dy: Array, axis: int, out: Array) -> None:
        softmax_gradient(y, dy, axis, out)
