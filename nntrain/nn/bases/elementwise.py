"""The base of layers that apply one curve to every element."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import CHUNK_SIZE, apply_in_chunks
from nntrain.nn.module import Module

__all__ = ["Elementwise"]


class Elementwise(Module):
    """y = f(x) element by element;  dx = dy f'(x).

    A layer writes its curve, ``value``, and its ``derivative``. With the attribute ``inplace`` the output is
    written over x and dx over dy; then x in ``derivative`` is y, so such a curve's slope must be told by y alone.
    """

    inplace: bool = False

    # What of the output the slope is found from if it is in the place of x: its values, or their signs alone.
    needs_in_place: ClassVar[Literal["values", "signs"]] = "values"

    # Whether flat pieces of a large x may come one by one; not so if the curve differs from plane to plane.
    divisible: ClassVar[bool] = True

    @abstractmethod
    def value(self, x: Array, out: Array) -> None:
        """out ← f(x)."""

    @abstractmethod
    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """out ← f'(x), where y = f(x)."""

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        if self.inplace:
            self.output = x
        else:
            self.output_of(x.shape, like=x)
        if self.divisible and x.size > CHUNK_SIZE:
            apply_in_chunks(self.value, x, self.output)
        else:
            self.value(x, self.output)
        return self.output

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        x = self.to_floating(x)
        if self.inplace:
            self.grad_input = dy
            slope = self.buffer("slope", x.shape, like=dy)
        else:
            slope = self.grad_input_of(x)
        if self.divisible and x.size > CHUNK_SIZE:
            apply_in_chunks(self._chain, x, self.output, slope, dy, self.grad_input)
        else:
            self._chain(x, self.output, slope, dy, self.grad_input)
        return self.grad_input

    def _chain(self, x: Array, y: Array, slope: Array, dy: Array, dx: Array) -> None:
        """dx ← dy f'(x)."""
        self.derivative(x, y, slope)
        np.multiply(slope, dy, out=dx)
