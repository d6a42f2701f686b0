"""Adam: steps scaled by running moments of the gradient."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.gradient_descent import GradientDescent
from nntrain.optim.optimizer import update_average


class Adam(GradientDescent):
    """m ← β₁ m + (1−β₁) dw;  v ← β₂ v + (1−β₂) dw²;  w ← w − r √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε).

    r = learning_rate / (1 + (t−1) · learning_rate_decay), t = 1, 2, ...; weight_decay · w is added to dw first.
    Source: torch/optim, adam.lua; Kingma and Ba, "Adam", 2015, section 2, whose last remark adds ε to the
    uncorrected √v, as here.
    """

    state_names = ("t", "m", "v")

    def __init__(
        self,
        learning_rate: float = 1e-3,
        learning_rate_decay: float = 0.0,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(learning_rate, learning_rate_decay, weight_decay)
        self.require(0 <= beta1 < 1 and 0 <= beta2 < 1, f"expected betas in [0, 1), got {beta1} and {beta2}")
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.t = 0
        self.m: Array | None = None
        self.v: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        if self.m is None or self.v is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        # 1. learning rate with bias correction
        rate = self.get_rate(self.t)
        self.t += 1
        rate *= (1 - self.beta2**self.t) ** 0.5 / (1 - self.beta1**self.t)

        def update(
            w: Array, dw: Array, m: Array, v: Array, rates: Array | None, decays: Array | None, step: Array
        ) -> None:
            # 2. weight decay, first and second moments
            g = self.apply_weight_decay(w, dw, rates, decays)
            update_average(m, g, self.beta1, step)
            update_average(v, np.multiply(g, g, out=step), self.beta2, step)
            # 3. update
            np.sqrt(v, out=step)
            np.add(step, self.epsilon, out=step)
            np.divide(m, step, out=step)
            self.descend(w, step, rate, rates, step)

        self.update_in_chunks(update, w, dw, self.m, self.v)
