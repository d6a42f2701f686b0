"""y = the p-norm of a − b, row by row."""

import numpy as np

from nntrain.compute.array import Array
from nntrain_table.pairwise_module import PairwiseModule

# Avoids division by zero, as in Torch7, in the gradient only.
EPS = 1e-6


class PairwiseDistance(PairwiseModule):
    """y = (Σ_j |D_j|^p)^(1/p), x = [a, b], D = a − b;  dx = [d, −d], d = dy sign(D) (|D| / (y + e))^(p − 1), e = 1e-6.

    Shapes:
        x [(d,), (d,)] → y (1,);  x [(N, d), (N, d)] → y (N,)
    Errors: ShapeError for other shapes; ArgumentError unless p is positive.
    Source: torch/nn, PairwiseDistance.lua. Where D is 0 the gradient is 0.
    """

    needs_output = True

    def __init__(self, p: float = 2) -> None:
        if not p > 0:
            raise self.argument_error(f"expected a positive p, got {p}")
        self.p = p

    def value(self, a: Array, b: Array, out: Array) -> None:
        distance = self.buffer("distance", a.shape, like=a)
        np.subtract(a, b, out=distance)
        np.abs(distance, out=distance)
        # y = m (Σ (|D|/m)^p)^(1/p), m = max |D|: no power overflows
        m = self.get_row_buffer("m", a)
        np.max(distance, axis=1, out=m)
        clip_to_tiny(m)
        np.divide(distance, m[:, None], out=distance)
        np.power(distance, self.p, out=distance)
        np.sum(distance, axis=1, out=out)
        np.power(out, 1 / self.p, out=out)
        np.multiply(out, m, out=out)

    def gradients(self, a: Array, b: Array, dy: Array, da: Array, db: Array) -> None:
        size = self.get_row_buffer("size", a)
        np.add(self.output, EPS, out=size)
        np.subtract(a, b, out=db)
        np.abs(db, out=da)
        np.divide(da, size[:, None], out=da)
        if self.p != 2:
            clip_to_tiny(da)  # p − 1 may be negative; where D is 0, its sign makes the gradient 0
            np.power(da, self.p - 1, out=da)
        np.sign(db, out=db)
        np.multiply(da, db, out=da)
        np.multiply(da, dy[:, None], out=da)
        np.negative(da, out=db)


def clip_to_tiny(x: Array) -> None:
    """x ← max(x, the smallest normal number)."""
    np.clip(x, np.finfo(x.dtype).tiny, np.inf, out=x)
