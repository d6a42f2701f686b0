"""The base of layers that apply one curve to every element."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.module import Module

__all__ = ["Elementwise"]


class Elementwise(Module):
    """y = f(x) element by element;  dx = dy f'(x).

    A layer writes its curve, ``value``, and its ``slope``. With the attribute ``inplace`` the output is
    written over x and dx over dy; then x in ``slope`` is y, so such a curve's slope must be told by y alone.
    """

    inplace: bool = False

    @abstractmethod
    def value(self, x: Array, out: Array) -> None:
        """out ← f(x)."""

    @abstractmethod
    def slope(self, x: Array, y: Array, out: Array) -> None:
        """out ← f'(x), where y = f(x)."""

    def update_output(self, x: Array) -> Array:
        x = self.floating(x)
        if self.inplace:
            self.output = x
        else:
            self.output_of(x.shape, like=x)
        self.value(x, self.output)
        return self.output

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        x = self.floating(x)
        if self.inplace:
            self.grad_input = dy
            slope = self.buffer("slope", x.shape, like=dy)
        else:
            slope = self.grad_input_of(x)
        self.slope(x, self.output, slope)
        np.multiply(slope, dy, out=self.grad_input)
        return self.grad_input
