"""Repetition of every element as a block, and its adjoint, the sums of blocks."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.windows import Slices, index_last_axes

# Up to this scale it is faster to copy x for every position in a block than block by block.
MAX_UNROLLED_SCALE = 8


def get_repeated_shape(x: Array, axes: int, scale: int) -> Shape:
    """The shape of x with every element along the last axes repeated."""
    return (*x.shape[:-axes], *(size * scale for size in x.shape[-axes:]))


def repeat_blocks(x: Array, axes: int, scale: int, out: Array) -> None:
    """out ← every element of x as a block of ``scale`` elements along each of the last axes."""
    if scale > MAX_UNROLLED_SCALE and out.flags.c_contiguous:
        blocks = out.reshape(*x.shape[:-axes], *(size for n in x.shape[-axes:] for size in (n, scale)))
        blocks[...] = np.expand_dims(x, tuple(range(x.ndim - axes + 1, x.ndim + axes, 2)))
        return
    for corner in iterate_offsets(axes, scale):
        out[index_last_axes(*corner)] = x


def sum_blocks(y: Array, axes: int, scale: int, out: Array) -> None:
    """out ← the sum of every block of y: the adjoint of ``repeat_blocks``."""
    out[...] = 0
    for corner in iterate_offsets(axes, scale):
        np.add(out, y[index_last_axes(*corner)], out=out)


def iterate_offsets(axes: int, scale: int) -> Iterator[Slices]:
    """Yield the slices of all elements at each position in a block."""
    for offset in product(range(scale), repeat=axes):
        yield tuple(slice(start, None, scale) for start in offset)
