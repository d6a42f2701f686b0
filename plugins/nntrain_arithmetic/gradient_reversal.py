"""y = x, dx = −lam dy."""

import numpy as np

from nntrain.compute.array import Array
from nntrain_arithmetic.gradient_modifier import GradientModifier


class GradientReversal(GradientModifier):
    """y = x, the same array;  dx = −lam dy.

    Shapes:
        any x → y of the same shape
    ``set_lambda`` changes lam.
    Source: torch/nn, GradientReversal.lua; Ganin and Lempitsky, "Unsupervised Domain Adaptation by
    Backpropagation", 2015. Torch7's argument lambda is named lam here.
    """

    mutable_arguments = ("lam",)

    def __init__(self, lam: float = 1) -> None:
        self.lam = lam

    def set_lambda(self, lam: float) -> None:
        """Change lam."""
        self.lam = lam

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        np.multiply(dy, -self.lam, out=dx)
        return dx
