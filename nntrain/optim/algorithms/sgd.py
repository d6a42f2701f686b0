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
        decays = self.to_vector("weight_decays", weight_decays)
        if decays is not None and weight_decay == 0:
            self.weight_decay, self.weight_decays = 1.0, decays
        self.momentum = momentum
        self.dampening = momentum if dampening is None else dampening
        self.nesterov = nesterov
        self.learning_rates = self.to_vector("learning_rates", learning_rates)
        self.eval_counter = 0
        self.dfdx: Array | None = None

    def step(self, w: Array, dw: Array) -> None:
        first = self.momentum > 0 and self.dfdx is None
        if first:
            self.dfdx = np.empty_like(w)
        rate = self.get_rate(self.eval_counter)

        def update(
            w: Array, dw: Array, v: Array | None, rates: Array | None, decays: Array | None, step: Array
        ) -> None:
            # 1. weight decay
            g = self.apply_weight_decay(w, dw, rates, decays)
            # 2. velocity
            if v is not None:
                g = self.apply_momentum(g, v, first, step)
            # 3. update
            self.descend(w, g, rate, rates, step)

        self.update_in_chunks(update, w, dw, self.dfdx)
        self.eval_counter += 1

    def apply_momentum(self, g: Array, v: Array, first: bool, step: Array) -> Array:
        """Update v and return the direction, v or g + μ v; the ``first`` v is g."""
        if first:
            np.copyto(v, g)
        else:
            np.multiply(v, self.momentum, out=v)
            np.multiply(g, 1 - self.dampening, out=step)
            np.add(v, step, out=v)
        if not self.nesterov:
            return v
        np.multiply(v, self.momentum, out=step)
        return np.add(step, g, out=step)
