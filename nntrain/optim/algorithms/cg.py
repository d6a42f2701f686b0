"""Nonlinear conjugate gradients."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.optim.optimizer import OpFunc, Optimizer, evaluate_into

# Keeps the quotients finite.
MIN_GRADIENT = 1e-320


class CG(Optimizer):
    """s ← (dw·dw − dw·dw₀) / (dw₀·dw₀) s − dw (Polak and Ribière), with a line search for w along s.

    Each call is a complete minimization that starts with steepest descent, with at most max_eval evaluations (default:
    1.25 max_iter) and at most max_iter per line search, which requires f ≤ f₀ + z rho f₀′ and |f′| ≤ −sig f₀′. A
    search stays inside its bracket by the fraction ``int``, extrapolates at most by the factor ``ext``, and its first
    step is at most ``ratio`` times the last one. After a failed search the next one follows the negative gradient, and
    a second failure in a row ends the call; the original ends at the first failure, and does not limit a search if
    max_eval is not an integer. Use the gradient of all rows, or of one batch per call. No learning rate.
    Source: torch/optim, cg.lua; Rasmussen, "minimize", 2002.
    """

    result_names = ("evaluations",)

    def __init__(
        self,
        max_iter: int = 20,
        max_eval: float | None = None,
        rho: float = 0.01,
        sig: float = 0.5,
        int_: float = 0.1,
        ext: float = 3.0,
        ratio: float = 100.0,
    ) -> None:
        self.require(max_iter >= 1, f"expected a max_iter of at least 1, got {max_iter}")
        self.require(0 < rho < sig < 1, f"expected 0 < rho < sig < 1, got rho {rho} and sig {sig}")
        self.require(0 < int_ < 0.5, f"expected an int between 0 and 0.5, got {int_}")
        self.require(ext > 1, f"expected an ext above 1, got {ext}")
        self.max_iter = max_iter
        self.max_eval = abs(1.25 * max_iter if max_eval is None else max_eval)
        self.rho = rho
        self.sig = sig
        self.int_ = int_
        self.ext = ext
        self.ratio = ratio
        self.evaluations = 0

    def advance(self, opfunc: OpFunc, w: Array) -> list[float]:
        w0, s, g0, g1, g2 = (self.get_scratch(w, name) for name in ("w0", "s", "g0", "g1", "g2"))
        f1 = evaluate_into(opfunc, w, g1)
        self.evaluations = 1
        losses = [f1]
        # 1. the first direction is steepest descent
        d1 = self.set_steepest_descent(s, g1)
        z1 = 1 / (1 - d1)
        failed = False
        while self.evaluations < self.max_eval:
            np.copyto(w0, w)
            np.copyto(g0, g1)
            found = self.search(opfunc, w, s, f1, d1, z1, g2)
            if found is not None:
                # 2. the next direction is conjugate to it
                f1, z1 = found
                losses.append(f1)
                np.multiply(s, (self.dot(g2, g2) - self.dot(g2, g1)) / max(self.dot(g1, g1), MIN_GRADIENT), out=s)
                np.subtract(s, g2, out=s)
                g1, g2 = g2, g1
                d2 = self.dot(g1, s)
                if d2 > 0:
                    d2 = self.set_steepest_descent(s, g1)
                z1 *= min(self.ratio, d1 / (d2 - MIN_GRADIENT))
                d1, failed = d2, False
            else:
                # 3. after a failure, steepest descent again; after two, stop
                np.copyto(w, w0)
                np.copyto(g1, g0)
                if failed or self.evaluations > self.max_eval:
                    break
                g1, g2 = g2, g1
                d1 = self.set_steepest_descent(s, g1)
                z1, failed = 1 / (1 - d1), True
        return losses

    def search(
        self, opfunc: OpFunc, w: Array, s: Array, f1: float, d1: float, z1: float, g2: Array
    ) -> tuple[float, float] | None:
        """Move from w, with loss f1 and derivative d1 along s, to w + z s; z1 is the first z to try.

        Return the loss there and z, with the gradient in g2, or None if no trial meets the conditions. f2, d2 belong
        to the last trial; f3, d3 to the one at distance z3 from it.
        """
        f2, d2 = self.evaluate_trial(opfunc, w, s, z1, g2)
        f3, d3, z3 = f1, d1, -z1
        left = min(self.max_iter, self.max_eval - self.evaluations)
        limit = -1.0
        while True:
            # 1. too far, as the loss is too high or the derivative too large, or one of them is NaN: interpolate
            while (too_far := not (f2 <= f1 + z1 * self.rho * d1 and d2 <= -self.sig * d1)) and left > 0:
                limit = z1
                z2 = minimize_quadratic(f2, f3, d3, z3) if f2 > f1 else minimize_cubic(f2, f3, d2, d3, z3)
                z2 = max(min(z2 if np.isfinite(z2) else z3 / 2, self.int_ * z3), (1 - self.int_) * z3)
                z1 += z2
                f2, d2 = self.evaluate_trial(opfunc, w, s, z2, g2)
                left -= 1
                z3 -= z2
            # 2. accept, or out of trials
            if too_far or (left <= 0 and d2 <= self.sig * d1):
                return None
            if d2 > self.sig * d1:
                return f2, z1
            # 3. not far enough: extrapolate
            z2 = self.limit_step(extrapolate(f2, f3, d2, d3, z3), z1, z3, limit)
            f3, d3, z3 = f2, d2, -z2
            z1 += z2
            f2, d2 = self.evaluate_trial(opfunc, w, s, z2, g2)
            left -= 1

    def evaluate_trial(self, opfunc: OpFunc, w: Array, s: Array, z: float, g: Array) -> tuple[float, float]:
        """Move w by z s; return the loss and the derivative along s there, with the gradient in g."""
        np.add(w, np.multiply(s, z, out=self.get_scratch(w)), out=w)
        self.evaluations += 1
        f = evaluate_into(opfunc, w, g)
        return f, self.dot(g, s)

    def set_steepest_descent(self, s: Array, g: Array) -> float:
        """s ← −g; return the derivative along s."""
        np.negative(g, out=s)
        return -self.dot(s, s)

    def dot(self, x: Array, y: Array) -> float:
        """Return x · y, summed in NumPy's order: BLAS rounds differently on each processor, and an almost quadratic
        cubic amplifies the last bit.
        """
        return float(np.sum(np.multiply(x, y, out=self.get_scratch(x))))

    def limit_step(self, z2: float, z1: float, z3: float, limit: float) -> float:
        """Return the step from z1 to the next trial: z2 within bounds. ``limit`` is the end of the bracket, or -1."""
        bounded = limit > -0.5
        if not np.isfinite(z2) or z2 < 0:
            return (limit - z1) / 2 if bounded else z1 * (self.ext - 1)
        if bounded and z1 + z2 > limit:
            return (limit - z1) / 2
        if not bounded and z1 + z2 > z1 * self.ext:
            return z1 * (self.ext - 1)
        if z2 < -z3 * self.int_:
            return -z3 * self.int_
        if bounded and z2 < (limit - z1) * (1 - self.int_):
            return (limit - z1) * (1 - self.int_)
        return z2


@np.errstate(all="ignore")
def minimize_quadratic(f2: float, f3: float, d3: float, z3: float) -> float:
    """Return the step to the minimum of the parabola through both trials with derivative d3; not finite if none."""
    return float(z3 - np.divide(0.5 * d3 * z3 * z3, d3 * z3 + f2 - f3))


@np.errstate(all="ignore")
def minimize_cubic(f2: float, f3: float, d2: float, d3: float, z3: float) -> float:
    """Return the step to the minimum of the cubic through both trials; not finite if none."""
    A, B = compute_coefficients(f2, f3, d2, d3, z3)
    return float(np.divide(np.sqrt(B * B - A * d2 * z3 * z3) - B, A))


@np.errstate(all="ignore")
def extrapolate(f2: float, f3: float, d2: float, d3: float, z3: float) -> float:
    """Return the same in the form that is accurate for a minimum beyond both trials."""
    A, B = compute_coefficients(f2, f3, d2, d3, z3)
    return float(np.divide(-d2 * z3 * z3, B + np.sqrt(B * B - A * d2 * z3 * z3)))


def compute_coefficients(f2: float, f3: float, d2: float, d3: float, z3: float) -> tuple[float, float]:
    """Return A and B of the cubic through both trials, with derivative d2 + 2 B z / z3² + A z² / z3²."""
    return float(np.divide(6 * (f2 - f3), z3)) + 3 * (d2 + d3), 3 * (f3 - f2) - z3 * (d3 + 2 * d2)
