"""The base of layers with one parameter that is broadcast over x."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array, Shape, is_array, to_shape
from nntrain.nn.module import Module
from nntrain.nn.parameter import add_scaled, parameter


class BroadcastParameter(Module):
    """y = x combined with a parameter b element by element. Abstract: a subclass implements the passes.

    If x and b have equal numbers of elements, they are paired in row-major order; else, with equal numbers of axes,
    the axes of b of size 1 are repeated; else x is (N, ...), and each sample is paired with b in row-major order.
    """

    def create_parameter(self, size: int | Sequence[int]) -> tuple[Array, Array]:
        """Create b of that size, and its gradient. ArgumentError unless the sizes are positive."""
        shape = to_shape(size)
        if min(shape, default=0) < 1:
            raise self.argument_error(f"expected sizes of at least 1, got {size}")
        return parameter(*shape)

    @property
    def size(self) -> Shape:
        """The shape of b."""
        return self.get_own_parameters()[0][0].shape

    def reset(self, stdv: float | None = None) -> None:
        b = self.get_own_parameters()[0][0]
        random.fill_by_fan_in(b.size, stdv, b)

    def get_broadcast_shapes(self, x: Array) -> tuple[Shape, Shape]:
        """The shapes in which x and b are broadcast. ShapeError if they do not fit."""
        size = self.size
        count = int(np.prod(size))
        if not is_array(x) or x.ndim == 0:
            raise self.shape_error("an array", x)
        if x.size == count:
            return size, size
        if x.ndim == len(size):
            if all(b in (1, n) for b, n in zip(size, x.shape, strict=True)):
                return x.shape, size
        elif x.size == len(x) * count:
            return (len(x), count), (1, count)
        raise self.shape_error(f"an input of shape {size}, or samples of {count} elements", x)

    def broadcast(self, x: Array, b: Array, *others: Array) -> list[Array]:
        """Reshape x, b and other arrays of the shape of x for broadcasting."""
        shape, size = self.get_broadcast_shapes(x)
        return [x.reshape(shape), b.reshape(size), *(other.reshape(shape) for other in others)]

    def accumulate_sums(self, x: Array, terms: Array, gradient: Array, scale: float) -> None:
        """Add scale · Σ terms to the gradient of b, summed over the elements of x that share an element of b."""
        shape, size = self.get_broadcast_shapes(x)
        repeated = tuple(axis for axis, n in enumerate(size) if n == 1)
        db = self.buffer("db", gradient.shape, like=gradient)
        np.sum(terms.reshape(shape), axis=repeated, keepdims=True, out=db.reshape(size))
        add_scaled(gradient, db, scale)
