"""Every element as a block of equal ones, and the sums of blocks: adjoint maps."""

from __future__ import annotations

from itertools import product

import numpy as np

from nntrain.nn.array import Array, Shape

__all__ = ["repeat", "repeated_shape", "sum_blocks"]


def repeated_shape(x: Array, axes: int, scale: int) -> Shape:
    """The shape of x when every element along the last axes is repeated."""
    return (*x.shape[:-axes], *(size * scale for size in x.shape[-axes:]))


def repeat(x: Array, axes: int, scale: int, out: Array) -> None:
    """out ← every element of x as a block of ``scale`` elements along each of the last axes."""
    blocks = x.shape[:-axes] + tuple(n for size in x.shape[-axes:] for n in (size, scale))
    out.reshape(blocks)[...] = np.expand_dims(x, tuple(range(-2 * axes + 1, 0, 2)))


def sum_blocks(y: Array, axes: int, scale: int, out: Array) -> None:
    """out ← the sum of every block of y: the adjoint of ``repeat``."""
    out[...] = 0
    for place in product(*[range(scale)] * axes):
        np.add(out, y[(..., *(slice(start, None, scale) for start in place))], out=out)
