"""Rprop: steps by the sign of the gradient."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.elementwise_optimizer import ElementwiseOptimizer
from nntrain.optim.optimizer import OpFunc


class Rprop(ElementwiseOptimizer):
    """s = sign(g δ);  Δ ← Δ η⁺ where s > 0, Δ η⁻ where s < 0;  g ← 0 where s < 0;  w ← w − sign(g) Δ;  δ ← g.

    Δ, one per parameter, is ``stepsize`` initially and stays within [stepsizemin, stepsizemax]; δ is 0 initially.
    After a change of sign a parameter is unchanged for one step. Each call takes ``niter`` steps. Use the gradient of
    all rows, because signs change randomly between small batches. It has no learning rate;
    a factor per parameter multiplies Δ in the update of w.
    Source: torch/optim, rprop.lua; Riedmiller and Braun, "A direct adaptive method for faster backpropagation
    learning", 1993, in the form without backtracking.
    """

    factor_names = ("learning_rate",)
    state_names = ("delta", "stepsize")

    def __init__(
        self,
        stepsize: float = 0.1,
        etaplus: float = 1.2,
        etaminus: float = 0.5,
        stepsizemax: float = 50.0,
        stepsizemin: float = 1e-6,
        niter: int = 1,
    ) -> None:
        self.require(0 < etaminus < 1 < etaplus, f"expected etaminus < 1 < etaplus, got {etaminus} and {etaplus}")
        self.require(
            0 < stepsizemin <= stepsizemax,
            f"expected 0 < stepsizemin <= stepsizemax, got {stepsizemin} and {stepsizemax}",
        )
        self.require(stepsize > 0, f"expected a stepsize above 0, got {stepsize}")
        self.require(niter >= 1, f"expected a niter of at least 1, got {niter}")
        self.first_stepsize = stepsize
        self.etaplus = etaplus
        self.etaminus = etaminus
        self.stepsizemax = stepsizemax
        self.stepsizemin = stepsizemin
        self.niter = niter
        self.delta: Array | None = None
        self.stepsize: Array | None = None

    def advance(self, opfunc: OpFunc, w: Array) -> list[float]:
        return [loss for _ in range(self.niter) for loss in super(Rprop, self).advance(opfunc, w)]

    def step(self, w: Array, dw: Array) -> None:
        if self.delta is None or self.stepsize is None:
            self.delta, self.stepsize = np.zeros_like(w), np.full_like(w, self.first_stepsize)

        def update(
            w: Array, dw: Array, delta: Array, stepsize: Array, rates: Array | None, decays: Array | None, sign: Array
        ) -> None:
            mask = self.get_scratch(w, "mask", bool)
            # 1. sign of the gradient times that of the last one
            np.sign(dw, out=sign)
            np.sign(delta, out=delta)
            np.multiply(sign, delta, out=sign)
            # 2. longer steps where they agree, shorter ones where they differ
            np.multiply(stepsize, self.etaplus, out=stepsize, where=np.greater(sign, 0, out=mask))
            np.multiply(stepsize, self.etaminus, out=stepsize, where=np.less(sign, 0, out=mask))
            np.clip(stepsize, self.stepsizemin, self.stepsizemax, out=stepsize)
            # 3. no step where they differ
            np.copyto(delta, dw)
            np.copyto(delta, 0, where=mask)
            # 4. update
            np.sign(delta, out=sign)
            np.multiply(sign, stepsize, out=sign)
            if rates is not None:
                np.multiply(sign, rates, out=sign)
            np.subtract(w, sign, out=w)

        self.update_in_chunks(update, w, dw, self.delta, self.stepsize)
