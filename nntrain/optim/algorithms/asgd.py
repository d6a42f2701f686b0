"""Averaged stochastic gradient descent."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.optimizer import Optimizer


class ASGD(Optimizer):
    """w ← (1 − λ η) w − η dw;  a ← a + μ (w − a).

    After t steps η = eta0 / (1 + λ eta0 t)^alpha and μ = 1 / max(1, t − t0), so a is w until t0, and then the average
    since t0. The average is ``ax``; training continues from w.
    Source: torch/optim, asgd.lua; Xu, "Towards optimal one pass large scale learning with averaged stochastic
    gradient descent", 2011.
    """

    state_names = ("eta_t", "mu_t", "t", "ax")
    result_names = ("ax",)

    def __init__(self, eta0: float = 1e-4, lambda_: float = 1e-4, alpha: float = 0.75, t0: float = 1e6) -> None:
        self.require(eta0 >= 0, f"expected an eta0 of at least 0, got {eta0}")
        self.require(lambda_ >= 0, f"expected a lambda of at least 0, got {lambda_}")
        self.eta0 = eta0
        self.lambda_ = lambda_
        self.alpha = alpha
        self.t0 = t0
        self.eta_t = eta0
        self.mu_t = 1.0
        self.t = 0
        self.ax: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        if self.ax is None:
            self.ax = np.zeros_like(w)
        step = self.get_scratch(w)
        # 1. decay and update
        np.multiply(w, 1 - self.lambda_ * self.eta_t, out=w)
        np.multiply(dw, self.eta_t, out=step)
        np.subtract(w, step, out=w)
        # 2. average
        if self.mu_t == 1:
            np.copyto(self.ax, w)
        else:
            np.subtract(w, self.ax, out=step)
            np.multiply(step, self.mu_t, out=step)
            np.add(self.ax, step, out=self.ax)
        # 3. coefficients of the next step
        self.t += 1
        self.eta_t = self.eta0 / (1 + self.lambda_ * self.eta0 * self.t) ** self.alpha
        self.mu_t = 1 / max(1.0, self.t - self.t0)
