"""Nesterov's accelerated gradient."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.gradient_descent import GradientDescent
from nntrain.optim.optimizer import OpFunc


class NAG(GradientDescent):
    """w ← w + μ v;  v ← μ v − r g;  w ← w − r g, with g at the look-ahead point, w after its first update.

    r = learning_rate / (1 + n · learning_rate_decay) after n steps; g = dw + weight_decay · w; v is 0 initially. The
    losses are those at the look-ahead point. ``learning_rates`` is a vector like w, factors of r. ``dampening`` is
    accepted, as in Torch, but has no effect.
    Errors: ArgumentError if the momentum is not above 0.
    Source: torch/optim, nag.lua; Sutskever and others, "On the importance of initialization and momentum in deep
    learning", 2013, section 2.
    """

    state_names = ("eval_counter", "dfdx")

    def __init__(
        self,
        learning_rate: float = 1e-3,
        learning_rate_decay: float = 0.0,
        weight_decay: float = 0.0,
        momentum: float = 0.9,
        dampening: float | None = None,
        learning_rates: Array | None = None,
    ) -> None:
        super().__init__(learning_rate, learning_rate_decay, weight_decay)
        self.require(momentum > 0, f"expected a momentum above 0, got {momentum}")
        self.momentum = momentum
        self.learning_rates = self.to_vector("learning_rates", learning_rates)
        self.eval_counter = 0
        self.dfdx: Array | None = None

    def advance(self, opfunc: OpFunc, w: Array) -> list[float]:
        # 1. look ahead
        if self.dfdx is None:
            self.dfdx = np.zeros_like(w)
        np.multiply(self.dfdx, self.momentum, out=self.dfdx)
        np.add(w, self.dfdx, out=w)
        # 2. gradient
        loss, dw = opfunc(w)
        rate = self.get_rate(self.eval_counter)

        def update(w: Array, dw: Array, v: Array, rates: Array | None, decays: Array | None, step: Array) -> None:
            # 3. weight decay and update
            g = self.apply_weight_decay(w, dw, rates, decays)
            self.descend(w, g, rate, rates, step)
            np.subtract(v, step, out=v)

        self.update_in_chunks(update, w, dw, self.dfdx)
        self.eval_counter += 1
        return [float(loss)]
