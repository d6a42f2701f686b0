"""L = Σ w_t max(0, margin − x[t] + x[j])^p / C over the other classes j."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.nn.bases.class_criterion import ClassCriterion


class MultiMarginCriterion(ClassCriterion):
    """L = Σ w_t z^p / (C N), z = max(0, margin − x[t] + x[j]), over j ≠ t.

    dx[j] = w_t p z^(p−1) / (C N) where z > 0, else 0; dx[t] = −Σ dx[j].
    N is the number of samples, or 1 unless size_average.

    Shapes:
        x (C,) or (N, C) scores, t a label or (N,) labels, weights (C,); p is 1 or 2
    Errors: ShapeError for a label outside 0..C-1, or not N labels; ArgumentError for another p.
    Source: torch/nn, MultiMarginCriterion.lua.
    """

    output_form = "logits"
    mutable_arguments = ("margin", "size_average")

    _picks: tuple[IntArray, IntArray]
    _z: Array

    def __init__(
        self,
        p: int = 1,
        weights: Sequence[float] | Array | None = None,
        margin: float = 1,
        size_average: bool = True,
    ) -> None:
        super().__init__(weights, size_average)
        if p not in (1, 2):
            raise self.argument_error(f"expected p to be 1 or 2, got {p}")
        self.p = p
        self.margin = margin

    def update_output(self, x: Array, t: Array | int) -> float:
        rows = self.to_rows(x)
        labels = self.to_labels(t, rows)
        self._picks = self.arange(len(labels)), labels
        z = self._z = self.buffer("z", rows.shape, like=rows)
        np.subtract(rows, (rows[self._picks] - self.margin)[:, None], out=z)
        np.maximum(z, 0, out=z)
        z[self._picks] = 0
        terms = np.vecdot(z, z) if self.p == 2 else z.sum(axis=1)
        self.output = float((terms * self.get_factors()).sum())
        return self.output

    def update_grad_input(self, x: Array, t: Array | int) -> Array:
        dx = self.grad_input_of(x)
        inner = dx.reshape(self._z.shape)
        if self.p == 2:
            np.multiply(self._z, 2, out=inner)
        else:
            np.sign(self._z, out=inner)
        np.multiply(inner, np.reshape(self.get_factors(), (-1, 1)), out=inner)
        inner[self._picks] = -inner.sum(axis=1)
        return dx

    def get_factors(self) -> Array | float:
        """Return w_t / (C N) per sample."""
        n, classes = self._z.shape
        divisor = (classes * self.count_rows(n) if self.size_average else classes) or 1
        w = self.get_sample_weights(self._picks[1])
        return 1 / divisor if w is None else w / divisor
