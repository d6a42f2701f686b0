"""A module that is checked for NaN."""

import itertools

import numpy as np

from nntrain.compute.array import Value
from nntrain.errors import ModuleError
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module
from nntrain.nn.table import iterate_arrays

_numbers = itertools.count(1)


class NaN(Decorator):
    """y = m(x), with an error if x, the parameters, y, dy, dx or the gradients contain NaN.

    Shapes:
        as m
    ``id`` identifies the module in errors; default: 1, 2, 3, ... in order of creation. Infinities are allowed.
    Errors: ModuleError with the name of the array; if y contains NaN, x and the parameters are checked first.
    Source: torch/nn, NaN.lua, which tests the sum, so [∞, −∞] counts as NaN there.
    """

    # The name of the second argument is Torch's.
    def __init__(self, module: Module, id: int | None = None) -> None:  # noqa: A002
        super().__init__(module)
        self.id = next(_numbers) if id is None else id

    def update_output(self, x: Value) -> Value:
        y = super().update_output(x)
        if has_nan(y):
            self.check_nan("input", x)
            self.check_nan("parameters", self.parameters()[0])
            self.check_nan("output", y)
        return y

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        dx = super().update_grad_input(x, dy)
        if has_nan(dx):
            self.check_nan("grad_output", dy)
            self.check_nan("grad_input", dx)
        return dx

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        super().acc_grad_parameters(x, dy, scale)
        self.check_nan("gradients of the parameters", self.parameters()[1])

    def check_nan(self, name: str, value: Value) -> None:
        """Raise ModuleError if ``value`` contains NaN."""
        if has_nan(value):
            raise ModuleError(f"NaN found in {name} of module :\n{self}")

    def label(self) -> str:
        return f"NaN({self.id})"


def has_nan(value: Value) -> bool:
    """Whether an array, or one in a list, contains NaN."""
    return any(array is not None and np.isnan(array).any() for array in iterate_arrays(value))
