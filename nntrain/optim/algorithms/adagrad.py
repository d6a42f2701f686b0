"""Adagrad: steps scaled by the sum of squared gradients."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.gradient_descent import GradientDescent

# Keeps the step finite if the gradient has always been 0.
EPSILON = 1e-10


class Adagrad(GradientDescent):
    """V ← V + g²;  w ← w − r g / (√V + 10⁻¹⁰).

    r = learning_rate / (1 + n · learning_rate_decay) after n steps; g = dw + weight_decay · w.
    Source: torch/optim, adagrad.lua; Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011.
    """

    state_names = ("eval_counter", "param_variance", "param_std")

    def __init__(
        self, learning_rate: float = 1e-3, learning_rate_decay: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        super().__init__(learning_rate, learning_rate_decay, weight_decay)
        self.eval_counter = 0
        self.param_variance: Array | None = None
        self.param_std: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        if self.param_variance is None or self.param_std is None:
            self.param_variance, self.param_std = np.zeros_like(w), np.zeros_like(w)
        rate = self.get_rate(self.eval_counter)

        def update(
            w: Array, dw: Array, variance: Array, std: Array, rates: Array | None, decays: Array | None, step: Array
        ) -> None:
            # 1. weight decay and sum of squares
            g = self.apply_weight_decay(w, dw, rates, decays)
            np.multiply(g, g, out=step)
            np.add(variance, step, out=variance)
            np.sqrt(variance, out=std)
            np.add(std, EPSILON, out=std)
            # 2. update
            np.divide(g, std, out=step)
            self.descend(w, step, rate, rates, step)

        self.update_in_chunks(update, w, dw, self.param_variance, self.param_std)
        self.eval_counter += 1
