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

    def step(self, w: Array, dw: Array) -> None:
        np.multiply(w, 1 - self.get_rate(self.t) * self.weight_decay, out=w)
        self.adapt(w, dw)
