"""L = −Σ w_t x[t] / Σ w_t."""

from collections.abc import Sequence

from nntrain.compute.array import Array
from nntrain.nn.bases.likelihood_criterion import LikelihoodCriterion


class ClassNLLCriterion(LikelihoodCriterion):
    """L = −Σ w_t x[t] / W;  dx[i, t_i] = −w_t / W;  W = Σ w_t, or 1 unless size_average.

    Shapes:
        x (C,) or (N, C) log-probabilities, t a label or (N,) labels, weights (C,)
    Rows with the label ``ignore_index`` are ignored; if all rows are, loss and gradient are 0.
    Errors: ShapeError for a label outside 0..C-1, or not N labels; ArgumentError for negative weights.
    Source: torch/nn, ClassNLLCriterion.lua. The mean is weighted: it divides by W, not by N.
    """

    mutable_arguments = ("size_average", "ignore_index")

    def __init__(
        self, weights: Sequence[float] | Array | None = None, size_average: bool = True, ignore_index: int = -100
    ) -> None:
        super().__init__(weights, size_average)
        self.ignore_index = ignore_index

    def to_batch(self, x: Array) -> Array:
        return self.to_rows(x)
