"""y = x + k."""

from collections.abc import Sequence

import numpy as np

from nntrain.nn import Array, Module


class AddConstant(Module):
    """y = x + k, k = constant_scalar;  dx = dy.

    Shapes:
        k a number: any x → y of the same shape
        k (n,): x (n,) or (N, n) → y of the same shape
    With inplace, y overwrites x, dx is dy itself, and the backward pass subtracts k from x again.
    Errors: ShapeError if k does not fit x; ArgumentError for a k of more than one axis.
    Source: torch/nn, AddConstant.lua.
    """

    parameter_names = ()
    changes_signs = True
    mutable_arguments = ("inplace",)

    def __init__(self, constant_scalar: float | Sequence[float] | Array, inplace: bool = False) -> None:
        self.constant_scalar = np.asarray(constant_scalar, np.float64)
        if self.constant_scalar.ndim > 1:
            raise self.argument_error(f"expected a number or a list of numbers, got {constant_scalar}")
        self.inplace = inplace

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        self.output = y = x if self.inplace else self.output_of(x.shape, like=x)
        np.add(x, self._get_constant(x), out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        if self.inplace:
            self.grad_input = dy
            return dy
        dx = self.grad_input_of(x)
        dx[...] = dy
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        # Not earlier: the module after this one reads y when it accumulates its gradients.
        if self.inplace:
            np.subtract(x, self._get_constant(x), out=x)

    def _get_constant(self, x: Array) -> Array:
        """k, in the type of x."""
        k = self.constant_scalar
        if k.ndim:
            self.require(x, 1, 2, size=len(k), expected=f"an input of shape ({len(k)},) or (N, {len(k)})")
        return k.astype(self.output.dtype)
