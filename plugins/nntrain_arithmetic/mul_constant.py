"""y = k x."""

import numpy as np

from nntrain.nn import Array, Module


class MulConstant(Module):
    """y = k x, k = constant_scalar;  dx = k dy.

    Shapes:
        any x → y of the same shape
    With inplace, y overwrites x, dx overwrites dy, and the backward pass divides x by k again (unless k is 0).
    Source: torch/nn, MulConstant.lua.
    """

    parameter_names = ()
    changes_signs = True
    mutable_arguments = ("inplace",)

    def __init__(self, constant_scalar: float, inplace: bool = False) -> None:
        self.constant_scalar = constant_scalar
        self.inplace = inplace

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        self.output = y = x if self.inplace else self.output_of(x.shape, like=x)
        np.multiply(x, self.constant_scalar, out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self.grad_input = dx = dy if self.inplace else self.grad_input_of(x)
        np.multiply(dy, self.constant_scalar, out=dx)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        # Not earlier: the module after this one reads y when it accumulates its gradients.
        if self.inplace and self.constant_scalar:
            np.divide(x, self.constant_scalar, out=x)
