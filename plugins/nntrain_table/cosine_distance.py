"""y = the cosine of the angle between a and b, row by row."""

import numpy as np

from nntrain.compute.array import Array
from nntrain_table.pairwise_module import PairwiseModule

# Avoids division by zero, as in Torch7.
EPS = 1e-12


class CosineDistance(PairwiseModule):
    """y = a·b w, x = [a, b], w = √(s t), s = 1/(a·a + e), t = 1/(b·b + e), e = 1e-12.

    dx = [dy (w b − y s a), dy (w a − y t b)].

    Shapes:
        x [(d,), (d,)] → y (1,);  x [(N, d), (N, d)] → y (N,)
    Errors: ShapeError for other shapes.
    Source: torch/nn, CosineDistance.lua. A similarity: 1 for parallel vectors.
    """

    needs_output = True

    def value(self, a: Array, b: Array, out: Array) -> None:
        s, t, w = self.get_row_buffer("s", a), self.get_row_buffer("t", a), self.get_row_buffer("w", a)
        for vector, inverse in ((a, s), (b, t)):
            np.vecdot(vector, vector, out=inverse)
            np.add(inverse, EPS, out=inverse)
            np.reciprocal(inverse, out=inverse)
        np.multiply(s, t, out=w)
        np.sqrt(w, out=w)
        np.vecdot(a, b, out=out)
        np.multiply(out, w, out=out)

    def gradients(self, a: Array, b: Array, dy: Array, da: Array, db: Array) -> None:
        self._compute_gradient(a, b, self.get_row_buffer("s", a), dy, da)
        self._compute_gradient(b, a, self.get_row_buffer("t", a), dy, db)

    def _compute_gradient(self, a: Array, b: Array, s: Array, dy: Array, out: Array) -> None:
        """out ← dy (w b − y s a)."""
        w, factor = self.get_row_buffer("w", a), self.get_row_buffer("factor", a)
        np.multiply(self.output, s, out=factor)
        np.multiply(factor[:, None], a, out=out)
        term = self.buffer("term", a.shape, like=out)
        np.multiply(w[:, None], b, out=term)
        np.subtract(term, out, out=out)
        np.multiply(out, dy[:, None], out=out)
