"""Every element as a block of equal ones, and the sums of blocks: adjoint maps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from nntrain.nn.array import Array, Shape
from nntrain.nn.windows import Slices, last_axes

__all__ = ["repeat", "repeated_shape", "sum_blocks"]


def repeated_shape(x: Array, axes: int, scale: int) -> Shape:
    """The shape of x when every element along the last axes is repeated."""
    return (*x.shape[:-axes], *(size * scale for size in x.shape[-axes:]))


def repeat(x: Array, axes: int, scale: int, out: Array) -> None:
    """out ← every element of x as a block of ``scale`` elements along each of the last axes."""
    for corner in corners(axes, scale):
        out[last_axes(*corner)] = x


def sum_blocks(y: Array, axes: int, scale: int, out: Array) -> None:
    """out ← the sum of every block of y: the adjoint of ``repeat``."""
    out[...] = 0
    for corner in corners(axes, scale):
        np.add(out, y[last_axes(*corner)], out=out)


def corners(axes: int, scale: int) -> Iterator[Slices]:
    """For every place in a block, where all blocks have it."""
    for place in product(range(scale), repeat=axes):
        yield tuple(slice(start, None, scale) for start in place)
