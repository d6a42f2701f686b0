"""The base of layers that apply one function to every element."""

from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np

from nntrain.compute.array import Array, Slice
from nntrain.compute.threads import CHUNK_SIZE, apply_in_chunks
from nntrain.nn.bases.slicewise_module import SliceTask, SlicewiseModule


class Elementwise(SlicewiseModule):
    """y = f(x) elementwise;  dx = dy f'(x).

    A subclass implements f as ``value`` and f' as ``derivative``. With the attribute ``inplace`` the output overwrites
    x and dx overwrites dy; ``derivative`` then gets y as x, so it must depend on y only.
    """

    inplace: bool = False

    # What ``derivative`` needs of the output if that overwrites x: its values, or only their signs.
    needs_in_place: ClassVar[Literal["values", "signs"]] = "values"

    # Whether a large x may be processed in flat chunks; False if the function differs between channels, or if ``value``
    # keeps something for ``derivative``.
    divisible: ClassVar[bool] = True

    @abstractmethod
    def value(self, x: Array, out: Array) -> None:
        """out ← f(x)."""

    @abstractmethod
    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """out ← f'(x), where y = f(x)."""

    @property
    def is_slicewise(self) -> bool:
        return self.divisible

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        y = self._allocate_output(x)
        if self.divisible and x.size > CHUNK_SIZE:
            apply_in_chunks(self.value, x, y)
        else:
            self.value(x, y)
        return y

    def plan_output(self, x: Array) -> SliceTask:
        y = self._allocate_output(x)
        return SliceTask(y, lambda some: apply_in_chunks(self.value, x[some], y[some]))

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        x = self.to_floating(x)
        dx = self._allocate_grad_input(x, dy)
        derivative = self.buffer("derivative", x.shape, like=dy) if self.inplace else dx
        if self.divisible and x.size > CHUNK_SIZE:
            apply_in_chunks(self._chain, x, self.output, derivative, dy, dx)
        else:
            self._chain(x, self.output, derivative, dy, dx)
        return dx

    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        x = self.to_floating(x)
        y, dx = self.output, self._allocate_grad_input(x, dy)

        def compute(some: Slice) -> None:
            out = dx[some]
            derivative = self.buffer("derivative", out.shape, like=dy) if self.inplace else out
            apply_in_chunks(self._chain, x[some], y[some], derivative, dy[some], out)

        return SliceTask(dx, compute)

    def _allocate_output(self, x: Array) -> Array:
        """Set ``output`` to x in place, else to the buffer of the output, and return it."""
        if not self.inplace:
            return self.output_of(x.shape, like=x)
        self.output = x
        return x

    def _allocate_grad_input(self, x: Array, dy: Array) -> Array:
        """Set ``grad_input`` to dy in place, else to the buffer of the gradient, and return it."""
        if not self.inplace:
            return self.grad_input_of(x)
        self.grad_input = dy
        return dy

    def _chain(self, x: Array, y: Array, derivative: Array, dy: Array, dx: Array) -> None:
        """dx ← dy f'(x)."""
        self.derivative(x, y, derivative)
        np.multiply(derivative, dy, out=dx)
