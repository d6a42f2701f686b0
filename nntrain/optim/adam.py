"""Adam: steps scaled by running moments of the gradient."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array
from nntrain.optim.optimizer import Optimizer

__all__ = ["Adam"]


class Adam(Optimizer):
    """m ← β₁ m + (1−β₁) dw;  v ← β₂ v + (1−β₂) dw²;  w ← w − r √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε).

    r = learning_rate / (1 + (t−1) · learning_rate_decay), t = 1, 2, ...; weight_decay · w is added to dw first.
    Source: torch/optim, adam.lua; Kingma and Ba, "Adam", 2015, section 2, whose last remark has ε beside the
    uncorrected √v as here.
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
        self.require(learning_rate >= 0, f"expected a learning_rate of at least 0, got {learning_rate}")
        self.require(0 <= beta1 < 1 and 0 <= beta2 < 1, f"expected betas in [0, 1), got {beta1} and {beta2}")
        self.learning_rate = learning_rate
        self.learning_rate_decay = learning_rate_decay
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weight_decay = weight_decay
        self.t = 0
        self.m: Array | None = None
        self.v: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        if self.m is None or self.v is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        step = self.scratch(w)
        g = self.decayed(w, dw, self.weight_decay)
        # 1. the first and second moments
        np.multiply(self.m, self.beta1, out=self.m)
        np.multiply(g, 1 - self.beta1, out=step)
        np.add(self.m, step, out=self.m)
        np.multiply(self.v, self.beta2, out=self.v)
        np.multiply(g, g, out=step)
        np.multiply(step, 1 - self.beta2, out=step)
        np.add(self.v, step, out=self.v)
        # 2. the rate, with the correction for moments that started at zero
        rate = self.learning_rate / (1 + self.t * self.learning_rate_decay)
        self.t += 1
        rate *= (1 - self.beta2**self.t) ** 0.5 / (1 - self.beta1**self.t)
        # 3. the update
        np.sqrt(self.v, out=step)
        np.add(step, self.epsilon, out=step)
        np.divide(self.m, step, out=step)
        np.multiply(step, rate, out=step)
        np.subtract(w, step, out=w)
