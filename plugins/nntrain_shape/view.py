"""y = x in a given shape, with one size that follows."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Self

from nntrain.compute.array import Array, Shape, to_shape
from nntrain.nn.batch_axis import is_single_row
from nntrain_shape.reshaping import Reshaping

__all__ = ["View"]


class View(Reshaping):
    """y = x in the shape size, of which one may be −1: what is left;  dx = dy in the shape of x.

    Shapes:
        E: the elements in the last n_input_dims axes of x (in all without it), P: the product of size without −1,
        B = E / P without a −1, 1 with one, times the axes before those of E
        x → y of shape size if B = 1 and x has no axes before, or there is no hint; else (B, *size)
        As rows go through a network in a batch of one, B stays in front, as with any other number of rows.
    ``reset_size`` changes the size.
    Errors: ShapeError if P does not divide E; ArgumentError for sizes below 1, or more than one −1.
    Source: torch/nn, View.lua.
    """

    passes_memory = True

    mutable_arguments = ("size",)

    size: int | Sequence[int]

    def __init__(self, size: int | Sequence[int], n_input_dims: int | None = None) -> None:
        self.n_input_dims = n_input_dims
        self.reset_size(size)

    def reset_size(self, size: int | Sequence[int]) -> Self:
        """Give y another shape from now on."""
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
