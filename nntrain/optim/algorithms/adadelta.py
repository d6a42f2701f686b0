"""Adadelta: adaptive steps without a learning rate."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.optimizer import Optimizer, update_average


class Adadelta(Optimizer):
    """V ← ρ V + (1−ρ) g²;  δ = √(A + ε) / √(V + ε) · g;  w ← w − δ;  A ← ρ A + (1−ρ) δ².

    g = dw + weight_decay · w. There is no learning rate.
    Source: torch/optim, adadelta.lua; Zeiler, "ADADELTA: an adaptive learning rate method", 2012.
    """

    state_names = ("eval_counter", "param_variance", "param_std", "delta", "acc_delta")

    def __init__(self, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0.0) -> None:
        self.require(0 <= rho < 1, f"expected rho in [0, 1), got {rho}")
        self.require(eps > 0, f"expected an eps above 0, got {eps}")
        self.rho = rho
        self.eps = eps
        self.weight_decay = weight_decay
        self.eval_counter = 0
        self.param_variance: Array | None = None
        self.param_std: Array | None = None
        self.delta: Array | None = None
        self.acc_delta: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        if self.param_variance is None or self.param_std is None or self.delta is None or self.acc_delta is None:
            self.param_variance, self.param_std = np.zeros_like(w), np.zeros_like(w)
            self.delta, self.acc_delta = np.zeros_like(w), np.zeros_like(w)
        step = self.get_scratch(w)
        g = self.add_weight_decay(w, dw, self.weight_decay)
        # 1. mean square of the gradient
        update_average(self.param_variance, np.multiply(g, g, out=step), self.rho, step)
        np.add(self.param_variance, self.eps, out=self.param_std)
        np.sqrt(self.param_std, out=self.param_std)
        # 2. update
        np.add(self.acc_delta, self.eps, out=self.delta)
        np.sqrt(self.delta, out=self.delta)
        np.divide(self.delta, self.param_std, out=self.delta)
        np.multiply(self.delta, g, out=self.delta)
        np.subtract(w, self.delta, out=w)
        # 3. mean square of the updates
        update_average(self.acc_delta, np.multiply(self.delta, self.delta, out=step), self.rho, step)
        self.eval_counter += 1
