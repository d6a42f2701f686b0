"""Adamax: Adam with the infinity norm instead of the second moment."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.gradient_descent import GradientDescent
from nntrain.optim.optimizer import update_average


class Adamax(GradientDescent):
    """m ← β₁ m + (1−β₁) g;  u ← max(β₂ u, |g| + ε);  w ← w − learning_rate / (1−β₁ᵗ) · m / u.

    t = 1, 2, ...; g = dw + weight_decay · w. If g has always been 0, m / u is 0 / ε = 0.
    Source: torch/optim, adamax.lua; Kingma and Ba, "Adam", 2015, section 7.1.
    """

    state_names = ("t", "m", "u")

    def __init__(
        self,
        learning_rate: float = 2e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-38,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay)
        self.require(0 <= beta1 < 1 and 0 <= beta2 < 1, f"expected betas in [0, 1), got {beta1} and {beta2}")
        self.require(epsilon > 0, f"expected an epsilon above 0, got {epsilon}")
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.t = 0
        self.m: Array | None = None
        self.u: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        if self.m is None or self.u is None:
            self.m, self.u = np.zeros_like(w), np.zeros_like(w)
        # Torch's default ε is denormal in float32, and 0 / ε would be NaN where training flushes denormals to 0.
        epsilon = max(self.epsilon, float(np.finfo(w.dtype).tiny))
        self.t += 1
        rate = self.get_rate(0) / (1 - self.beta1**self.t)

        def update(
            w: Array, dw: Array, m: Array, u: Array, rates: Array | None, decays: Array | None, step: Array
        ) -> None:
            # 1. weight decay and first moment
            g = self.apply_weight_decay(w, dw, rates, decays)
            update_average(m, g, self.beta1, step)
            # 2. exponentially weighted infinity norm
            np.abs(g, out=step)
            np.add(step, epsilon, out=step)
            np.multiply(u, self.beta2, out=u)
            np.maximum(u, step, out=u)
            # 3. update
            np.divide(m, u, out=step)
            self.descend(w, step, rate, rates, step)

        self.update_in_chunks(update, w, dw, self.m, self.u)
