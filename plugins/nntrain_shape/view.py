"""y = x in a given shape, of which one size may be inferred."""

from collections.abc import Sequence
from math import prod
from typing import Self

from nntrain.compute.array import Array, Shape, to_shape
from nntrain.nn.batch_axis import is_single_row
from nntrain_shape.reshaping import Reshaping


class View(Reshaping):
    """y = x in the shape size, in which one size may be −1, to be inferred;  dx = dy in the shape of x.

    Shapes:
        E: elements in the last n_input_dims axes of x (default: all axes), P: the product of size without −1,
        B: the product of the sizes of the other axes, times E / P if size contains no −1
        x → y of shape size if B = 1 and n_input_dims is None or at least the number of axes of x; else (B, *size)
        When nntrain feeds a single row as a batch of one, the axis B stays, as for any other number of rows.
    ``reset_size`` changes the size.
    Errors: ShapeError if P does not divide E; ArgumentError for sizes below 1, or more than one −1.
    Source: torch/nn, View.lua.
    """

    mutable_arguments = ("size",)

    size: int | Sequence[int]

    def __init__(self, size: int | Sequence[int], n_input_dims: int | None = None) -> None:
        self.n_input_dims = n_input_dims
        self.reset_size(size)

    def reset_size(self, size: int | Sequence[int]) -> Self:
        """Change the shape of y."""
        sizes = to_shape(size)
        if sizes.count(-1) > 1 or any(n < 1 and n != -1 for n in sizes):
            raise self.argument_error(f"expected sizes of at least 1, and -1 at most once, got {size}")
        self.size = size
        return self

    def get_target_shape(self, x: Array) -> Shape:
        size, hint = to_shape(self.size), self.n_input_dims
        own = x.ndim if hint is None else min(hint, x.ndim)
        before = prod(x.shape[: x.ndim - own])
        rest, remainder = divmod(prod(x.shape[x.ndim - own :]), prod(n for n in size if n != -1))
        if remainder:
            raise self.shape_error(f"an input whose elements fit the shape {size}", x)
        shape = tuple(rest if n == -1 else n for n in size)
        batch = before if -1 in size else before * rest
        if batch == 1 and (hint is None or x.ndim <= hint) and (-1 in size or not is_single_row()):
            return shape
        return (batch, *shape)

    def label(self) -> str:
        return f"View({', '.join(map(str, to_shape(self.size)))})"
