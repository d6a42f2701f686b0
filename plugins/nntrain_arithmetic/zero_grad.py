"""y = x, without a gradient."""

from nntrain.compute.array import Array
from nntrain_arithmetic.gradient_modifier import GradientModifier


class ZeroGrad(GradientModifier):
    """y = x, the same array;  dx = 0.

    Shapes:
        any x → y of the same shape
    Errors: ShapeError if x is not an array.
    Source: torch/nn, ZeroGrad.lua.
    """

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return self.zero_grad_input_of(x)
