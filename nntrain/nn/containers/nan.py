"""A module that is watched for numbers that are none."""

from __future__ import annotations

import itertools

import numpy as np

from nntrain.compute.array import Value
from nntrain.errors import ModuleError
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module
from nntrain.nn.table import is_table

__all__ = ["NaN"]

_numbers = itertools.count(1)


class NaN(Decorator):
    """y = m(x), with an error as soon as a NaN is in x, the parameters, y, dy, dx or the gradients.

    Shapes:
        those of m
    ``id`` tells watchers apart: 1, 2, 3, ... in the order in which they are made, unless given. Infinities pass.
    Errors: ModuleError that names what has the NaN; if y has one, x and the parameters are looked at before it.
    Source: torch/nn, NaN.lua, which tests the sum and so takes [∞, −∞] for one.
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

    def check_nan(self, what: str, value: Value) -> None:
        """ModuleError if there is a NaN in ``value``."""
        if has_nan(value):
            raise ModuleError(f"NaN found in {what} of module :\n{self}")

    def label(self) -> str:
        return f"NaN({self.id})"


def has_nan(value: Value) -> bool:
    """Whether an array, or one in a table, has a NaN in it."""
    if is_table(value):
        return any(has_nan(item) for item in value)
    return value is not None and bool(np.isnan(value).any())
