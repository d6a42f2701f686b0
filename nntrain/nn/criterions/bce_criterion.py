"""L = −Σ w (t log x + (1 − t) log(1 − x)) / n."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ShapeError
from nntrain.nn.bases.weighted_pointwise_criterion import WeightedPointwiseCriterion

# Avoids log 0 and division by 0, as in the original. Added to 1 it is rounded away, so 1 − x is computed first.
EPSILON = 1e-12


class BCECriterion(WeightedPointwiseCriterion):
    """L = −Σ w (t log(x + e) + (1 − t) log(1 − x + e)) / n;  dx = −w (t − x) / ((1 − x + e)(x + e)) / n;  e = 1e-12.

    n = x.size, or 1 unless size_average.

    Shapes:
        x any, probabilities in [0, 1], t as many elements; with weights (C,): x (C,) or (N, C)
    Errors: ShapeError if x is outside [0, 1] or unlike the weights in shape; ArgumentError for negative weights.
    Source: torch/nn, BCECriterion.lua.
    """

    output_form = "probabilities"

    def value(self, x: Array, t: Array, out: Array) -> None:
        if x.size and not (x.min() >= 0 and x.max() <= 1):
            message = f"expected probabilities in [0, 1], got {x.min()} to {x.max()}; end the network with Sigmoid"
            raise self.add_location(ShapeError(message))
        rest = self.complement(x)
        np.log(rest, out=rest)
        np.subtract(1, t, out=out)
        np.multiply(rest, out, out=rest)
        np.add(x, EPSILON, out=out)
        np.log(out, out=out)
        np.multiply(out, t, out=out)
        np.add(out, rest, out=out)
        np.negative(out, out=out)
        self.apply_class_weights(out)

    def derivative(self, x: Array, t: Array, out: Array) -> None:
        rest = self.complement(x)
        np.add(x, EPSILON, out=out)
        np.multiply(rest, out, out=rest)
        np.subtract(x, t, out=out)
        np.divide(out, rest, out=out)
        self.apply_class_weights(out)

    def complement(self, x: Array) -> Array:
        """Return 1 − x + e."""
        rest = self.buffer("rest", x.shape, like=x)
        np.subtract(1, x, out=rest)
        np.add(rest, EPSILON, out=rest)
        return rest
