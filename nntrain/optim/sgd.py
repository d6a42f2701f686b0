"""Stochastic gradient descent with momentum."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array
from nntrain.optim.optimizer import Optimizer

__all__ = ["SGD"]


class SGD(Optimizer):
    """v ← μ v + (1 − dampening) dw;  w ← w − r v, with Nesterov's momentum w ← w − r (dw + μ v).

    r = learning_rate / (1 + steps · learning_rate_decay); weight_decay · w is added to dw first; the first v is dw.
    ``learning_rates`` and ``weight_decays`` are vectors like w, factors and decays of their own for each parameter.
    Errors: ArgumentError if ``nesterov`` goes without momentum or with dampening.
    Source: torch/optim, sgd.lua, where dampening is the momentum unless given; here it is 0.
    """

    state_names = ("eval_counter", "dfdx")

    def __init__(
        self,
        learning_rate: float = 1e-3,
        learning_rate_decay: float = 0.0,
        weight_decay: float = 0.0,
        weight_decays: Array | None = None,
        momentum: float = 0.0,
        dampening: float = 0.0,
        nesterov: bool = False,
        learning_rates: Array | None = None,
    ) -> None:
        self.require(learning_rate >= 0, f"expected a learning_rate of at least 0, got {learning_rate}")
        self.require(not nesterov or (momentum > 0 and dampening == 0), "nesterov needs momentum > 0 and dampening = 0")
        self.learning_rate = learning_rate
        self.learning_rate_decay = learning_rate_decay
        self.weight_decay = weight_decay
        self.weight_decays = weight_decays
        self.momentum = momentum
        self.dampening = dampening
        self.nesterov = nesterov
        self.learning_rates = learning_rates
        self.eval_counter = 0
        self.dfdx: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        step = self.scratch(w)
        # 1. weight decay
        g = self.decayed(w, dw, self.weight_decay)
        if self.weight_decay == 0 and self.weight_decays is not None:
            g = np.multiply(w, self.weight_decays, out=self.scratch(w, "_decayed"))
            np.add(g, dw, out=g)
        # 2. velocity
        if self.momentum:
            g = self.accelerated(g)
        # 3. update
        rate = self.learning_rate / (1 + self.eval_counter * self.learning_rate_decay)
        np.multiply(g, rate, out=step)
        if self.learning_rates is not None:
            np.multiply(step, self.learning_rates, out=step)
        np.subtract(w, step, out=w)
        self.eval_counter += 1

    def accelerated(self, g: Array) -> Array:
        """The direction after momentum: v, or g + μ v."""
        step = self.scratch(g)
        if self.dfdx is None:
            self.dfdx = g.copy()
        else:
            np.multiply(self.dfdx, self.momentum, out=self.dfdx)
            np.multiply(g, 1 - self.dampening, out=step)
            np.add(self.dfdx, step, out=self.dfdx)
        if not self.nesterov:
            return self.dfdx
        np.multiply(self.dfdx, self.momentum, out=step)
        return np.add(step, g, out=step)
