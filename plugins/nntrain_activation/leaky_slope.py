"""The slope of a curve that is x to the right of 0 and a x to the left."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array

__all__ = ["fill_leaky_slope"]


def fill_leaky_slope(x: Array, a: float | Array, out: Array, scratch: Array) -> None:
    """out ← 1 where x > 0, a elsewhere; ``a`` may be ``out``, ``scratch`` is a mask of the shape of x."""
    np.less_equal(x, 0, out=scratch)
    np.multiply(scratch, a, out=out)
    np.greater(x, 0, out=scratch)
    np.add(out, scratch, out=out)
