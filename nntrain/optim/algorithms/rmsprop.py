"""RMSprop: steps divided by the running RMS of the gradient."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.gradient_descent import GradientDescent
from nntrain.optim.optimizer import update_average


class RMSprop(GradientDescent):
    """m ← α m + (1−α) g²;  w ← w − learning_rate · g / (√m + ε).

    g = dw + weight_decay · w; m is ``initial_mean`` initially.
    Source: torch/optim, rmsprop.lua; Tieleman and Hinton, "Lecture 6.5: rmsprop", 2012.
    """

    state_names = ("m",)

    def __init__(
        self,
        learning_rate: float = 1e-2,
        alpha: float = 0.99,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
        initial_mean: float = 0.0,
    ) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay)
        self.require(0 <= alpha < 1, f"expected alpha in [0, 1), got {alpha}")
        self.require(epsilon > 0, f"expected an epsilon above 0, got {epsilon}")
        self.require(initial_mean >= 0, f"expected an initial_mean of at least 0, got {initial_mean}")
        self.alpha = alpha
        self.epsilon = epsilon
        self.initial_mean = initial_mean
        self.m: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        if self.m is None:
            self.m = np.full_like(w, self.initial_mean)
        rate = self.get_rate(0)

        def update(w: Array, dw: Array, m: Array, rates: Array | None, decays: Array | None, step: Array) -> None:
            # 1. weight decay and mean square of the gradient
            g = self.apply_weight_decay(w, dw, rates, decays)
            update_average(m, np.multiply(g, g, out=step), self.alpha, step)
            # 2. update
            np.sqrt(m, out=step)
            np.add(step, self.epsilon, out=step)
            np.divide(g, step, out=step)
            self.descend(w, step, rate, rates, step)

        self.update_in_chunks(update, w, dw, self.m)
