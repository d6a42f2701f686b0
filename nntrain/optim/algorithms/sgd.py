"""Stochastic gradient descent with momentum."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.gradient_descent import GradientDescent


class SGD(GradientDescent):
    """v ← μ v + (1 − dampening) g;  w ← w − r v, with Nesterov's momentum w ← w − r (g + μ v).

    r = learning_rate / (1 + n · learning_rate_decay) after n steps; g = dw + weight_decay · w; the first v is g.
    ``learning_rates`` and ``weight_decays`` are vectors like w: factors of r, and decays that apply if weight_decay
    is 0. ``dampening``: default momentum, so v is an average of gradients; with dampening = 0 it is their sum, as in
    other libraries, and steps are 1 / (1 − μ) times longer.
    Errors: ArgumentError for ``nesterov`` without momentum or with dampening other than 0.
    Source: torch/optim, sgd.lua; Sutskever and others, "On the importance of initialization and momentum in deep
    learning", 2013.
    """

    state_names = ("eval_counter", "dfdx")

    def __init__(
        self,
        learning_rate: float = 1e-3,
        learning_rate_decay: float = 0.0,
        weight_decay: float = 0.0,
        weight_decays: Array | None = None,
        momentum: float = 0.0,
        dampening: float | None = None,
        nesterov: bool = False,
        learning_rates: Array | None = None,
    ) -> None:
        super().__init__(learning_rate, learning_rate_decay, weight_decay)
        self.require(momentum >= 0, f"expected a momentum of at least 0, got {momentum}")
        self.require(not nesterov or (momentum > 0 and dampening == 0), "nesterov needs momentum > 0 and dampening = 0")
        self.weight_decays = self.to_vector("weight_decays", weight_decays)
        self.momentum = momentum
        self.dampening = momentum if dampening is None else dampening
        self.nesterov = nesterov
        self.learning_rates = self.to_vector("learning_rates", learning_rates)
        self.eval_counter = 0
        self.dfdx: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        # 1. weight decay
        if self.weight_decay == 0 and self.weight_decays is not None:
            g = self.add_weight_decay(w, dw, self.get_fitting_vector("weight_decays", w))
        else:
            g = self.add_weight_decay(w, dw, self.weight_decay)
        first = self.momentum > 0 and self.dfdx is None
        if first:
            self.dfdx = g.copy()
        rate = self.get_rate(self.eval_counter)

        def update(w: Array, g: Array, v: Array | None, factors: Array | None, step: Array) -> None:
            # 2. velocity
            if v is not None:
                g = self.apply_momentum(g, v, first, step)
            # 3. update
            np.multiply(g, rate, out=step)
            if factors is not None:
                np.multiply(step, factors, out=step)
            np.subtract(w, step, out=w)

        factors = None if self.learning_rates is None else self.get_fitting_vector("learning_rates", w)
        self.update_in_chunks(update, w, g, self.dfdx, factors)
        self.eval_counter += 1

    def apply_momentum(self, g: Array, v: Array, first: bool, step: Array) -> Array:
        """Update v and return the direction, v or g + μ v; for the ``first`` gradient v is already set."""
        if not first:
            np.multiply(v, self.momentum, out=v)
            np.multiply(g, 1 - self.dampening, out=step)
            np.add(v, step, out=v)
        if not self.nesterov:
            return v
        np.multiply(v, self.momentum, out=step)
        return np.add(step, g, out=step)
