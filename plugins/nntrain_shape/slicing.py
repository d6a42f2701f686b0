"""The base of layers that select slices of the input."""

from abc import abstractmethod
from typing import Any

from nntrain.compute.array import Array, is_array, resolve_axis
from nntrain.nn.module import Module


class Slicing(Module):
    """y = a copy of x at an index of axis dim;  dx = dy there, 0 elsewhere. Abstract: see ``get_index``."""

    dim: int

    @abstractmethod
    def get_index(self, size: int, x: Array) -> int | slice:
        """The index or slice of an axis of that size. ShapeError if it is out of range."""

    def update_output(self, x: Array) -> Array:
        part = x[self._find_index(x)]
        y = self.output_of(part.shape, like=x)
        y[...] = part
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.zero_grad_input_of(x)
        dx[self._find_index(x)] = dy
        return dx

    def _find_index(self, x: Array) -> tuple[Any, ...]:
        """The index of x with all its axes."""
        axis = resolve_axis(x, self.dim) if is_array(x) else None
        if axis is None:
            raise self.shape_error(f"an input with an axis {self.dim}", x)
        return (slice(None),) * axis + (self.get_index(x.shape[axis], x),)
