"""L = −Σ w_t x[t] / Σ w_t, over every pixel of an image."""

from nntrain.compute.array import Array
from nntrain.nn.bases.likelihood_criterion import LikelihoodCriterion


class SpatialClassNLLCriterion(LikelihoodCriterion):
    """L = −Σ w_t x[i, t, h, w] / W;  dx[i, t, h, w] = −w_t / W;  W = Σ w_t over all pixels, or 1 unless size_average.

    Shapes:
        x (N, C, H, W) log-probabilities, t (N, H, W) labels, weights (C,)
    Errors: ShapeError for other axes or a label outside 0..C-1; ArgumentError for negative weights.
    Source: torch/nn, SpatialClassNLLCriterion.lua.
    """

    def to_batch(self, x: Array) -> Array:
        if x.ndim != 4:
            raise self.shape_error("scores of shape (N, C, H, W)", x)
        return self.check_class_count(x)
