"""FISTA: accelerated proximal gradient descent for a smooth loss and a nonsmooth penalty."""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.optimizer import OpFunc, Optimizer, evaluate_into

# One entry of the history: nline, L, F, Fply, Gply, Q.
HistoryEntry: TypeAlias = dict[str, float]


class FISTA(Optimizer):
    """x ← prox(y − f′(y) / L);  y ← x + (t − 1) / t′ · (x − x₀);  t′ = (1 + √(1 + 4 t²)) / 2: minimizes f + g.

    f is the loss and g = l1 · Σ |w|, whose proximal step moves every weight by l1 / L towards 0, so unimportant weights
    become exactly 0. A call takes at most max_iter steps on one function. L is the inverse step size; it is multiplied
    by L_step, at most max_line times per step, until f(x) is below its quadratic bound, and is kept for the next call.
    A step that is then still too long is rejected: x is unchanged. The call ends when f + g changes by at most
    err_thres. Without do_fista_update y is x, the method without momentum. No learning rate.
    Source: torch/optim, fista.lua, which starts at 0; here it starts at w. Beck and Teboulle, "A fast iterative
    shrinkage-thresholding algorithm for linear inverse problems", 2009.
    """

    state_names = ("L",)

    def __init__(
        self,
        l1: float = 0.0,
        L: float = 0.1,
        L_step: float = 1.5,
        max_iter: int = 50,
        max_line: int = 20,
        err_thres: float = 1e-4,
        do_fista_update: bool = True,
    ) -> None:
        self.require(l1 >= 0, f"expected an l1 of at least 0, got {l1}")
        self.require(L > 0, f"expected an L above 0, got {L}")
        self.require(L_step > 1, f"expected an L_step above 1, got {L_step}")
        self.require(max_iter >= 1, f"expected a max_iter of at least 1, got {max_iter}")
        self.require(max_line >= 1, f"expected a max_line of at least 1, got {max_line}")
        self.l1 = l1
        self.L = L
        self.L_step = L_step
        self.max_iter = max_iter
        self.max_line = max_line
        self.err_thres = err_thres
        self.do_fista_update = do_fista_update

    def advance(self, opfunc: OpFunc, w: Array) -> list[float]:
        losses: list[float] = []
        self.minimize(opfunc, self.compute_penalty, self.shrink, w, losses)
        return losses

    def compute_penalty(self, w: Array) -> float:
        """Return l1 · Σ |w|."""
        return self.l1 * float(np.abs(w, out=self.get_scratch(w)).sum())

    def shrink(self, z: Array, L: float) -> None:
        """Move every z by l1 / L towards 0, in place."""
        np.subtract(z, np.clip(z, -self.l1 / L, self.l1 / L, out=self.get_scratch(z)), out=z)

    def minimize(
        self,
        f: OpFunc,
        g: Callable[[Array], float],
        pl: Callable[[Array, float], object],
        w: Array,
        losses: list[float],
    ) -> list[HistoryEntry]:
        """Minimize f + g from w, in place; ``pl(z, L)`` applies g's proximal step in place. Return the history.

        f is always called with w itself. f(y) before each step is appended to ``losses``.
        """
        history: list[HistoryEntry] = []
        y, x, before, df = (self.get_scratch(w, name) for name in ("y", "x", "before", "df"))
        np.copyto(before, w)
        t, F = 1.0, math.inf
        while len(history) < self.max_iter:
            np.copyto(y, w)
            losses.append(evaluate_into(f, w, df))
            # 1. step with backtracking
            trials, Q, found = self.search(f, pl, w, y, df, losses[-1])
            np.copyto(x, w if found else before)
            # 2. momentum
            np.copyto(w, x)
            if self.do_fista_update:
                t, t_before = (1 + math.sqrt(1 + 4 * t * t)) / 2, t
                np.subtract(before, x, out=before)
                np.multiply(before, (1 - t_before) / t, out=before)
                np.add(w, before, out=w)
            x, before = before, x
            # 3. convergence
            f_y, g_y = float(f(w)[0]), float(g(w))
            F, F_before = f_y + g_y, F
            history.append({"nline": trials, "L": self.L, "F": F, "Fply": f_y, "Gply": g_y, "Q": Q})
            if abs(F - F_before) <= self.err_thres:
                break
        return history

    def search(
        self, f: OpFunc, pl: Callable[[Array, float], object], w: Array, y: Array, df: Array, f_y: float
    ) -> tuple[int, float, bool]:
        """Take the proximal step from y to w, increasing L until the loss is below its bound Q.

        Return the number of trials, Q, and whether the bound is met.
        """
        trials = 0
        while True:
            trials += 1
            np.multiply(df, -1 / self.L, out=w)
            np.add(w, y, out=w)
            pl(w, self.L)
            loss = float(f(w)[0])
            step = np.subtract(w, y, out=self.get_scratch(w))
            Q = f_y + float(np.dot(df, step)) + self.L / 2 * float(np.dot(step, step))
            if loss <= Q or trials > self.max_line:
                return trials, Q, loss <= Q
            self.L *= self.L_step
