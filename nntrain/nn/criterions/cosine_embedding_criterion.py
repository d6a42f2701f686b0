"""L = Σ (1 − c where t = 1, max(0, c − margin) where t = -1) / N, c the cosine of the angle between a and b."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.nn.bases.pair_criterion import PairCriterion
from nntrain.nn.criterion import to_signs

# Avoids division by 0, as in the original.
EPSILON = 1e-12


class CosineEmbeddingCriterion(PairCriterion):
    """L = Σ l / N, l = 1 − c if t = 1, max(0, c − margin) if t = -1, c the cosine between a and b, x = [a, b].

    c = a·b w, w = √(u v), u = 1/(a·a + e), v = 1/(b·b + e), e = 1e-12, per row;
    dx = [k (w b − c u a), k (w a − c v b)], k = −t/N, 0 where l ≤ 0.

    Shapes:
        x [a, b], both (d,) with t a number, or (N, d) with t (N,): 1 (similar) or -1; N counts as 1 unless size_average
    Errors: ShapeError for other shapes or targets.
    Source: torch/nn, CosineEmbeddingCriterion.lua.
    """

    mutable_arguments = ("margin", "size_average")

    _factors: tuple[Array, Array, Array]

    def __init__(self, margin: float = 0, size_average: bool = True) -> None:
        self.margin = margin
        self.size_average = size_average

    def update_output(self, x: Sequence[Array], t: Array | float) -> float:
        a, b = self.to_rows(x)
        targets = to_signs(self, t, len(a)).reshape(-1)
        u, v = 1 / (np.vecdot(a, a) + EPSILON), 1 / (np.vecdot(b, b) + EPSILON)
        w = np.sqrt(u * v)
        c = np.vecdot(a, b) * w
        losses = np.where(targets > 0, 1 - c, c - self.margin)
        k = np.where(losses > 0, -targets / self.get_divisor(len(a)), 0)
        self._factors = k * w, k * c * u, k * c * v
        self.output = float(np.maximum(losses, 0).sum()) / self.get_divisor(len(a))
        return self.output

    def update_grad_input(self, x: Sequence[Array], t: Array | float) -> Value:
        a, b = self.to_rows(x)
        da, db = (gradient.reshape(a.shape) for gradient in self.grad_inputs_of(x))
        cross, own_a, own_b = self._factors
        self.combine(cross, b, own_a, a, da)
        self.combine(cross, a, own_b, b, db)
        return self.grad_input

    def combine(self, cross: Array, other: Array, own: Array, vector: Array, out: Array) -> None:
        """out ← cross · other − own · vector, per row."""
        term = self.buffer("term", vector.shape, like=vector)
        np.multiply(own[:, None], vector, out=term)
        np.multiply(cross[:, None], other, out=out)
        np.subtract(out, term, out=out)

    def to_rows(self, x: Value) -> tuple[Array, Array]:
        """Return a and b as (N, d); a vector is a batch of one."""
        a, b = self.to_pair(x)
        if a.ndim not in (1, 2):
            raise self.shape_error("two arrays of one shape, (d,) or (N, d)", x)
        return a.reshape(-1, a.shape[-1]), b.reshape(-1, b.shape[-1])
