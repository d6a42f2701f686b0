"""y = x in another layout of axes."""

from collections.abc import Callable
from math import prod

import numpy as np

from nntrain.compute.array import Array, Shape, is_array
from nntrain.nn.module import Module

WILDCARDS = "b*"


class Convert(Module):
    """y = x with the axes of input_shape converted to those of output_shape;  dx = dy converted back.

    Shapes:
        each letter is an axis: b batch, c h w f t and so on; b comes first if it is omitted
        the same letters in another order: 'bchw' → 'bhwc' permutes the axes
        'bf' from all but 'bt': batch and first axis are swapped, then all others flattened; (N,) → (N, 1) from 'b'
        'b' from 'bt', 'tb' (the first t), 'bf' or 'fb' (f must be 1): (N,); 'bt' from 'b': (N, 1)
        x with one axis fewer is a batch of one without the batch axis, and y has none either
        both 'b*' (the default): y in the shape of x
    y has the element type of the module. dx is 0 where elements of x were dropped.
    Errors: ArgumentError for any other conversion; ShapeError if x does not have the axes of input_shape.
    Source: torch/nn, Convert.lua.
    """

    def __init__(self, input_shape: str | None = None, output_shape: str | None = None) -> None:
        if input_shape is None and output_shape is not None:
            raise self.argument_error(f"expected an input_shape for the output_shape {output_shape!r}")
        self.input_shape = add_batch_axis(input_shape or WILDCARDS)
        self.output_shape = add_batch_axis(output_shape or self.input_shape)
        self._part = self._choose_view()

    def _choose_view(self) -> Callable[[Array], Array]:
        """Return the function that makes the view of x with the elements of y."""
        start, end = self.input_shape, self.output_shape
        if start == end:
            return lambda x: x
        if sorted(start) == sorted(end) and WILDCARDS not in (start, end):
            order = [start.index(axis) for axis in end]
            return lambda x: x.transpose(order)
        batch = start.index("b")
        if end == "bf" and start not in ("bt", WILDCARDS):
            return lambda x: x.swapaxes(0, batch)
        if (end == "b" and sorted(start) in (["b", "t"], ["b", "f"])) or (start, end) == ("b", "bt"):
            # One number per sample: the first along the other axis, if there is one.
            return lambda x: x if x.ndim == 1 else x[:, 0] if batch == 0 else x[0]
        raise self.argument_error(f"cannot convert {start!r} to {end!r}")

    def update_output(self, x: Array) -> Array:
        part = self._part(self._to_batch(x))
        y = self.buffer("output", self._get_output_shape(part, x), like=x, dtype=np.dtype(self._type))
        np.copyto(y.reshape(part.shape), part, casting="unsafe")
        self.output = y
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.zero_grad_input_of(x)
        part = self._part(self._to_batch(dx))
        part[...] = dy.reshape(part.shape)
        return dx

    def _to_batch(self, x: Array) -> Array:
        """x with its batch axis. ShapeError if it does not have the axes of input_shape."""
        axes = len(self.input_shape)
        if self.input_shape == WILDCARDS and is_array(x):
            return x
        self.require(x, axes - 1, axes, expected=f"an input of shape ({', '.join(self.input_shape)})")
        batch = x if x.ndim == axes else np.expand_dims(x, self.input_shape.index("b"))
        if self.output_shape == "b" and "f" in self.input_shape and batch.shape[self.input_shape.index("f")] != 1:
            raise self.shape_error(f"an input of shape ({', '.join(self.input_shape)}) with f = 1", x)
        return batch

    def _get_output_shape(self, part: Array, x: Array) -> Shape:
        """The shape of y: flattened axes are one, and there is a batch axis only if x has one."""
        shape = part.shape
        if self.output_shape != WILDCARDS and len(self.output_shape) != part.ndim:
            shape = (shape[0], prod(shape[1:]))[: len(self.output_shape)]
        if self.input_shape != WILDCARDS and x.ndim < len(self.input_shape):
            batch = self.output_shape.index("b")
            shape = shape[:batch] + shape[batch + 1 :] or (1,)
        return shape


def add_batch_axis(shape: str) -> str:
    """Return the axes, with b prepended if it is missing."""
    return shape if "b" in shape else f"b{shape}"
