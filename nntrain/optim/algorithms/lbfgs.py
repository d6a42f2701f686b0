"""L-BFGS: Newton's method with an inverse Hessian approximated from the last steps."""

import copy
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import CheckpointError
from nntrain.optim.algorithms.lswolfe import VECTOR_COUNT, lswolfe, parse_options
from nntrain.optim.optimizer import OpFunc, Optimizer, evaluate_into

# Minimum curvature of a pair that is stored.
MIN_CURVATURE = 1e-10


class LBFGS(Optimizer):
    """w ← w + t d;  d = −H dw, H the inverse Hessian approximated from the last pairs s = t d and y = change of dw.

    A call takes at most max_iter steps on one function and continues from the last call. t is learning_rate (in the
    first step at most 1 / Σ |dw|), or the result of ``line_search``: "lswolfe", or a function like it. A call stops
    after max_eval evaluations (default: 1.25 max_iter), at Σ |dw| ≤ tol_fun, Σ |t d| ≤ tol_x, or a change of the loss
    below tol_x. With max_iter = 1 and no line search a call evaluates once, for use with batches.
    Source: torch/optim, lbfgs.lua; Nocedal and Wright, "Numerical optimization", 2006, algorithms 7.4 and 7.5.
    """

    state_names = ("func_eval", "n_iter", "d", "t", "old_dirs", "old_stps", "hdiag", "g_old", "f_old")
    result_names = ("evaluations",)
    learning_rate: float

    def __init__(
        self,
        max_iter: int = 20,
        max_eval: float | None = None,
        tol_fun: float = 1e-5,
        tol_x: float = 1e-9,
        n_correction: int = 100,
        learning_rate: float = 1.0,
        line_search: Literal["lswolfe"] | Callable[..., Any] | None = None,
        line_search_options: dict[str, Any] | None = None,
    ) -> None:
        self.require(max_iter >= 1, f"expected a max_iter of at least 1, got {max_iter}")
        self.require(n_correction >= 1, f"expected an n_correction of at least 1, got {n_correction}")
        self.require(tol_fun >= 0, f"expected a tol_fun of at least 0, got {tol_fun}")
        self.require(learning_rate >= 0, f"expected a learning_rate of at least 0, got {learning_rate}")
        self.require(
            line_search in (None, "lswolfe") or callable(line_search),
            f"expected the line_search 'lswolfe', got {line_search!r}",
        )
        if line_search == "lswolfe":
            parse_options(line_search_options or {})
        self.max_iter = max_iter
        self.max_eval = 1.25 * max_iter if max_eval is None else max_eval
        self.tol_fun = tol_fun
        self.tol_x = tol_x
        self.n_correction = n_correction
        self.learning_rate = learning_rate
        self.line_search: Any = line_search
        self.line_search_options = copy.deepcopy(line_search_options)
        self.evaluations = 0
        self.func_eval = 0
        self.n_iter = 0
        self.old_dirs: list[Array] = []
        self.old_stps: list[Array] = []
        self.d: Array | None = None
        self.g_old: Array | None = None
        self.t: float | None = None
        self.hdiag = 1.0
        self.f_old: float | None = None

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        pairs = len(self.old_dirs), len(self.old_stps)
        if pairs[0] != pairs[1] or any(np.dot(y, s) <= 0 for s, y in zip(self.old_dirs, self.old_stps, strict=True)):
            raise CheckpointError(f"optimizer: expected pairs of vectors with positive curvature, got {pairs}")

    def advance(self, opfunc: OpFunc, w: Array) -> list[float]:
        # A copy, because the next evaluation may overwrite the gradient.
        g = self.get_scratch(w, "g")
        losses = [evaluate_into(opfunc, w, g)]
        self.evaluations = 1
        if self.sum_absolute(g) > self.tol_fun:
            for remaining in reversed(range(self.max_iter)):
                if self.iterate(opfunc, w, g, losses, last=remaining == 0):
                    break
        self.func_eval += self.evaluations
        return losses

    def iterate(self, opfunc: OpFunc, w: Array, g: Array, losses: list[float], last: bool) -> bool:
        """Take one step from w with gradient g, updating both. Return whether it is the last of this call."""
        # 1. direction
        self.n_iter += 1
        d = self.compute_direction(g)
        # 2. values for the next direction
        self.g_old = self.get_scratch(g, "g_old")
        np.copyto(self.g_old, g)
        self.f_old = losses[-1]
        gtd = float(np.dot(g, d))
        if gtd > -self.tol_x:
            return True
        # 3. step length
        t = self.learning_rate * (min(1.0, 1 / self.sum_absolute(g)) if self.n_iter == 1 else 1.0)
        # 4. step
        if self.line_search is not None:
            given = (opfunc, w, t, d, losses[-1], g, gtd, self.line_search_options)
            if self.line_search == "lswolfe":
                memory = [self.get_scratch(w, f"line{number}") for number in range(VECTOR_COUNT)]
                f, dw, _, t, evaluations = lswolfe(*given, memory)
            else:
                f, dw, _, t, evaluations = self.line_search(*given)
            np.copyto(g, dw)
            losses.append(float(f))
            self.evaluations += evaluations
        else:
            step = np.multiply(d, t, out=self.get_scratch(w))
            np.add(w, step, out=w)
            if not last:
                losses.append(evaluate_into(opfunc, w, g))
                self.evaluations += 1
        self.t = t
        return (
            last
            or self.evaluations >= self.max_eval
            or self.sum_absolute(g) <= self.tol_fun
            or self.sum_absolute(d) * t <= self.tol_x
            or abs(losses[-1] - self.f_old) < self.tol_x
        )

    def compute_direction(self, g: Array) -> Array:
        """Return d = −H g, by the two-loop recursion over the stored pairs (s, y)."""
        if self.d is None or self.g_old is None or self.t is None:
            self.d = np.negative(g)
            return self.d
        self.store_pair(self.d, self.t, g, self.g_old)
        d, step = self.d, self.get_scratch(g)
        np.negative(g, out=d)
        factors = []
        for s, y in zip(reversed(self.old_dirs), reversed(self.old_stps), strict=True):
            curvature = 1 / float(np.dot(y, s))
            factors.append((curvature, curvature * float(np.dot(s, d))))
            np.subtract(d, np.multiply(y, factors[-1][1], out=step), out=d)
        np.multiply(d, self.hdiag, out=d)
        for s, y, (curvature, factor) in zip(self.old_dirs, self.old_stps, reversed(factors), strict=True):
            np.add(d, np.multiply(s, factor - curvature * float(np.dot(y, d)), out=step), out=d)
        return d

    def store_pair(self, d: Array, t: float, g: Array, g_old: Array) -> None:
        """Store s = t d and y = g − g_old; with n_correction pairs, reuse the memory of the oldest."""
        s = np.multiply(d, t, out=self.get_scratch(g, "s"))
        y = np.subtract(g, g_old, out=self.get_scratch(g, "y"))
        curvature = float(np.dot(y, s))
        if curvature <= MIN_CURVATURE:
            return
        for pairs, new in ((self.old_dirs, s), (self.old_stps, y)):
            memory = pairs.pop(0) if len(pairs) >= self.n_correction else np.empty_like(new)
            # After a resume with a smaller n_correction there may be more pairs.
            del pairs[: len(pairs) - self.n_correction + 1]
            np.copyto(memory, new)
            pairs.append(memory)
        self.hdiag = curvature / float(np.dot(y, y))

    def sum_absolute(self, x: Array) -> float:
        """Return Σ |x|."""
        return float(np.abs(x, out=self.get_scratch(x)).sum())
