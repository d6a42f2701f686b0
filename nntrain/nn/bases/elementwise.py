"""The base of layers that apply one function to every element."""

from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import CHUNK_SIZE, apply_in_chunks
from nntrain.nn.module import Module


class Elementwise(Module):
    """y = f(x) elementwise;  dx = dy f'(x).

    A subclass implements f as ``value`` and f' as ``derivative``. With the attribute ``inplace`` the output overwrites
    x and dx overwrites dy; ``derivative`` then gets y as x, so it must depend on y only.
    """

    inplace: bool = False

    # What ``derivative`` needs of the output if that overwrites x: its values, or only their signs.
    needs_in_place: ClassVar[Literal["values", "signs"]] = "values"

    # Whether a large x may be processed in flat chunks; False if the function differs between channels.
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
            derivative = self.buffer("derivative", x.shape, like=dy)
        else:
            derivative = self.grad_input_of(x)
        if self.divisible and x.size > CHUNK_SIZE:
            apply_in_chunks(self._chain, x, self.output, derivative, dy, self.grad_input)
        else:
            self._chain(x, self.output, derivative, dy, self.grad_input)
        return self.grad_input

    def _chain(self, x: Array, y: Array, derivative: Array, dy: Array, dx: Array) -> None:
        """dx ← dy f'(x)."""
        self.derivative(x, y, derivative)
        np.multiply(derivative, dy, out=dx)
