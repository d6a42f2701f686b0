"""L = −Σ w (t log x + (1 − t) log(1 − x)) / n."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.errors import ShapeError
from nntrain.nn.array import Array
from nntrain.nn.pointwise_criterion import PointwiseCriterion

__all__ = ["BCECriterion"]

# Kept from the logarithm's and the quotient's zero, as in the original. It vanishes beside 1 in either precision
# of x but not beside 1 − x, so 1 − x comes first.
E = 1e-12


class BCECriterion(PointwiseCriterion):
    """L = −Σ w (t log(x + e) + (1 − t) log(1 − x + e)) / n;  dx = −w (t − x) / ((1 − x + e)(x + e)) / n;  e = 1e-12.

    n = x.size, or 1 unless size_average.

    Shapes:
        x any, probabilities in [0, 1], t as many elements; with weights (C,): x (C,) or (N, C)
    Errors: ShapeError if x leaves [0, 1] or does not fit the weights.
    Source: torch/nn, BCECriterion.lua.
    """

    def __init__(self, weights: Sequence[float] | Array | None = None, size_average: bool = True) -> None:
        super().__init__(size_average)
        self.weights = None if weights is None else np.asarray(weights, np.float64)

    def value(self, x: Array, t: Array, out: Array) -> None:
        self.check(x)
        rest = self.rest(x)
        np.log(np.add(rest, E, out=rest), out=rest)
        np.multiply(rest, 1 - t, out=rest)
        np.log(np.add(x, E, out=out), out=out)
        np.multiply(out, t, out=out)
        np.add(out, rest, out=out)
        np.negative(out, out=out)
        self.weigh(out)

    def slope(self, x: Array, t: Array, out: Array) -> None:
        rest = self.rest(x)
        np.multiply(rest + E, x + E, out=rest)
        np.subtract(x, t, out=out)
        np.divide(out, rest, out=out)
        self.weigh(out)

    def rest(self, x: Array) -> Array:
        """1 − x."""
        rest = self.buffer("1 - x", x.shape, like=x)
        np.subtract(1, x, out=rest)
        return rest

    def weigh(self, out: Array) -> None:
        """out ← w out."""
        if self.weights is not None:
            np.multiply(out, self.weights, out=out)

    def check(self, x: Array) -> None:
        """ShapeError unless x are probabilities that fit the weights."""
        if x.size and not (x.min() >= 0 and x.max() <= 1):
            raise self.placed(
                ShapeError(f"expected probabilities in [0, 1], got {x.min()} to {x.max()}: end in a Sigmoid")
            )
        if self.weights is not None and (x.ndim > 2 or x.shape[-1:] != self.weights.shape):
            raise self.shape_error(f"an input of shape (N, {len(self.weights)}), as there are weights", x)
