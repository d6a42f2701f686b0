"""Averaged stochastic gradient descent."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.elementwise_optimizer import ElementwiseOptimizer


class ASGD(ElementwiseOptimizer):
    """w ← (1 − λ η) w − η dw;  a ← a + μ (w − a).

    After t steps η = eta0 / (1 + λ eta0 t)^alpha and μ = 1 / max(1, t − t0), so a is w until t0, and then the average
    since t0. The average is ``ax``; training continues from w. Factors per parameter multiply eta0 and λ, also in η.
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

        def update(w: Array, dw: Array, ax: Array, rates: Array | None, decays: Array | None, step: Array) -> None:
            # 1. decay and update
            eta, kept = self.compute_coefficients(w, rates, decays)
            np.multiply(w, kept, out=w)
            np.multiply(dw, eta, out=step)
            np.subtract(w, step, out=w)
            # 2. average
            if self.mu_t == 1:
                np.copyto(ax, w)
            else:
                np.subtract(w, ax, out=step)
                np.multiply(step, self.mu_t, out=step)
                np.add(ax, step, out=ax)

        self.update_in_chunks(update, w, dw, self.ax)
        # 3. coefficients of the next step
        self.t += 1
        self.eta_t = self.eta0 / (1 + self.lambda_ * self.eta0 * self.t) ** self.alpha
        self.mu_t = 1 / max(1.0, self.t - self.t0)

    def compute_coefficients(
        self, w: Array, rates: Array | None, decays: Array | None
    ) -> tuple[float | Array, float | Array]:
        """Return η and 1 − λ η of a chunk; numbers without factors."""
        if rates is None and decays is None:
            return self.eta_t, 1 - self.lambda_ * self.eta_t
        eta, decay, kept = (self.get_scratch(w, name) for name in ("eta", "lambda", "kept"))
        eta[...] = self.eta0 if rates is None else rates
        decay[...] = self.lambda_ if decays is None else decays
        if rates is not None:
            np.multiply(eta, self.eta0, out=eta)
        if decays is not None:
            np.multiply(decay, self.lambda_, out=decay)
        np.multiply(decay, eta, out=kept)
        np.multiply(kept, self.t, out=kept)
        np.add(kept, 1, out=kept)
        np.power(kept, self.alpha, out=kept)
        np.divide(eta, kept, out=eta)
        np.multiply(decay, eta, out=kept)
        return eta, np.subtract(1, kept, out=kept)
