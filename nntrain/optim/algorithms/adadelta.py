"""Adadelta: adaptive steps without a learning rate."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.elementwise_optimizer import ElementwiseOptimizer
from nntrain.optim.optimizer import update_average


class Adadelta(ElementwiseOptimizer):
    """V ← ρ V + (1−ρ) g²;  δ = √(A + ε) / √(V + ε) · g;  w ← w − δ;  A ← ρ A + (1−ρ) δ².

    g = dw + weight_decay · w. It has no learning rate; a factor per parameter multiplies δ in the update of w.
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

        def update(
            w: Array,
            dw: Array,
            variance: Array,
            std: Array,
            delta: Array,
            acc_delta: Array,
            rates: Array | None,
            decays: Array | None,
            step: Array,
        ) -> None:
            # 1. weight decay and mean square of the gradient
            g = self.apply_weight_decay(w, dw, rates, decays)
            update_average(variance, np.multiply(g, g, out=step), self.rho, step)
            np.add(variance, self.eps, out=std)
            np.sqrt(std, out=std)
            # 2. update
            np.add(acc_delta, self.eps, out=delta)
            np.sqrt(delta, out=delta)
            np.divide(delta, std, out=delta)
            np.multiply(delta, g, out=delta)
            np.subtract(w, delta if rates is None else np.multiply(delta, rates, out=step), out=w)
            # 3. mean square of the updates
            update_average(acc_delta, np.multiply(delta, delta, out=step), self.rho, step)

        self.update_in_chunks(update, w, dw, self.param_variance, self.param_std, self.delta, self.acc_delta)
        self.eval_counter += 1
