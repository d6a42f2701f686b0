"""AdamW: Adam with decoupled weight decay."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.algorithms.adam import Adam


class AdamW(Adam):
    """w ← w − r · weight_decay · w, then a step of Adam with dw.

    r = learning_rate / (1 + (t−1) · learning_rate_decay), t = 1, 2, ... The decay is not divided by √v, so all
    weights shrink at the same rate.
    Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, algorithm 2, whose schedule
    multiplier η is r here.
    """

    def __init__(
        self,
        learning_rate: float = 1e-3,
        learning_rate_decay: float = 0.0,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(learning_rate, learning_rate_decay, beta1, beta2, epsilon, weight_decay)

    def apply_weight_decay(self, w: Array, dw: Array, rates: Array | None, decays: Array | None) -> Array:
        """Shrink a chunk of w, and return dw."""
        decay = self.get_rate(self.t - 1) * self.weight_decay
        if rates is None and decays is None:
            np.multiply(w, 1 - decay, out=w)
            return dw
        kept = self.get_scratch(w, "kept")
        kept[...] = decay
        for factors in (rates, decays):
            if factors is not None:
                np.multiply(kept, factors, out=kept)
        np.subtract(1, kept, out=kept)
        np.multiply(w, kept, out=w)
        return dw
