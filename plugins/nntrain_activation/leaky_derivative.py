"""The derivative of the leaky ReLU: x where x > 0, a x elsewhere."""

import numpy as np

from nntrain.nn import Array, Module


def fill_leaky_derivative(module: Module, x: Array, a: float | Array, out: Array) -> None:
    """out ← 1 where x > 0, a elsewhere; ``a`` may be ``out``."""
    mask = module.buffer("mask", x.shape, like=x, dtype=np.bool_)
    np.less_equal(x, 0, out=mask)
    np.multiply(mask, a, out=out)
    np.greater(x, 0, out=mask)
    np.add(out, mask, out=out)
