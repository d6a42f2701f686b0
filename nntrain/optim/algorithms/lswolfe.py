"""Line search for the strong Wolfe conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ArgumentError, suggest_name
from nntrain.optim.algorithms.polyinterp import polyinterp
from nntrain.optim.optimizer import OpFunc


@dataclass(frozen=True)
class WolfeOptions:
    """Conditions f ≤ f₀ + c1 t f₀′ and |f′| ≤ −c2 f₀′; max_iter limits the trials after the first."""

    c1: float = 1e-4
    c2: float = 0.9
    tol_x: float = 1e-9
    max_iter: int = 20


class LinePoint(NamedTuple):
    """One trial: step length, loss, derivative along d, and gradient."""

    t: float
    f: float
    derivative: float
    g: Array


# Number of work vectors: the start, its gradient, and the gradients of up to three trials.
VECTOR_COUNT = 5


class LineFunction:
    """The function along x₀ + t d; x stays at the last trial. ``memory``: VECTOR_COUNT vectors like x."""

    def __init__(self, opfunc: OpFunc, x: Array, d: Array, memory: Sequence[Array]) -> None:
        self.opfunc = opfunc
        self.x = x
        self.d = d
        self.start, self.first, *self.gradients = memory
        np.copyto(self.start, x)
        self.evaluations = 0

    def move(self, t: float) -> None:
        """x ← x₀ + t d."""
        np.multiply(self.d, t, out=self.x)
        np.add(self.x, self.start, out=self.x)

    def evaluate(self, t: float, *kept: LinePoint) -> LinePoint:
        """Evaluate at t; store the gradient in a vector that none of ``kept`` uses."""
        self.move(t)
        f, g = self.opfunc(self.x)
        self.evaluations += 1
        free = next(memory for memory in self.gradients if all(memory is not point.g for point in kept))
        np.copyto(free, g)
        return LinePoint(t, float(f), float(np.dot(g, self.d)), free)


def lswolfe(
    opfunc: OpFunc,
    x: Array,
    t: float,
    d: Array,
    f: float,
    g: Array,
    gtd: float,
    options: dict[str, Any] | None = None,
    memory: Sequence[Array] | None = None,
) -> tuple[float, Array, Array, float, int]:
    """Move x along d to a point that meets the strong Wolfe conditions: bracket a step length, then narrow the bracket.

    t is the first trial; f, g and gtd = g·d are those of x, which is updated in place. Return (f, g, x, t,
    evaluations). Options: c1, c2, tol_x (minimum change of the loss over the bracket), max_iter. ``memory``:
    VECTOR_COUNT work vectors like x; the returned gradient is one of them.
    Source: torch/optim, lswolfe.lua; Nocedal and Wright, "Numerical optimization", 2006, algorithms 3.5 and 3.6.
    """
    parsed = parse_options(options or {})
    line = LineFunction(opfunc, x, d, [np.empty_like(x) for _ in range(VECTOR_COUNT)] if memory is None else memory)
    origin = LinePoint(0.0, float(f), float(gtd), line.first)
    np.copyto(line.first, g)
    bracket, trials, done = find_bracket(line, origin, float(t), parsed)
    if not done:
        bracket = narrow_bracket(line, origin, bracket, trials, parsed)
    best = min(bracket, key=lambda point: point.f)
    line.move(best.t)
    return best.f, best.g, x, best.t, line.evaluations


def parse_options(given: dict[str, Any]) -> WolfeOptions:
    """Validate the options. ArgumentError suggests the closest name for an unknown one."""
    known = [field.name for field in fields(WolfeOptions)]
    for name, value in given.items():
        if name not in known:
            raise ArgumentError(f"lswolfe has no option {name!r}{suggest_name(str(name), known)}")
        if not isinstance(value, int | float):
            raise ArgumentError(f"lswolfe: expected {name} to be a number, got {value!r}")
    return WolfeOptions(**given)


def find_bracket(
    line: LineFunction, origin: LinePoint, t: float, options: WolfeOptions
) -> tuple[tuple[LinePoint, ...], int, bool]:
    """Return points that bracket an acceptable step, the number of trials, and whether a single point is acceptable."""
    before, new = origin, line.evaluate(t)
    for trial in range(options.max_iter):
        if is_too_high(new, origin, options) or (trial > 1 and new.f >= before.f):
            return (before, new), trial, False
        if is_flat(new, origin, options):
            return (new,), trial, True
        if new.derivative >= 0:
            return (before, new), trial, False
        bounds = new.t + 0.01 * (new.t - before.t), 10 * new.t
        length, _ = polyinterp(np.array([before[:3], new[:3]]), *bounds)
        before, new = new, line.evaluate(length, new)
    return (origin, new), options.max_iter, False


def narrow_bracket(
    line: LineFunction, origin: LinePoint, bracket: tuple[LinePoint, ...], trials: int, options: WolfeOptions
) -> tuple[LinePoint, LinePoint]:
    """Narrow the bracket until one end is acceptable."""
    ends, slow, done = list(bracket), False, False
    for _ in range(trials, options.max_iter):
        # The order of the ends is kept; for equal losses the first counts as the lower.
        low = int(ends[1].f < ends[0].f)
        lower, higher = ends[low], ends[1 - low]
        length, _ = polyinterp(np.array([end[:3] for end in ends]))
        length, slow = adjust_length(length, lower.t, higher.t, slow)
        new = line.evaluate(length, lower, higher)
        if is_too_high(new, origin, options) or new.f >= lower.f:
            ends[1 - low] = new
        else:
            done = is_flat(new, origin, options)
            if not done and new.derivative * (higher.t - lower.t) >= 0:
                ends[1 - low] = lower
            ends[low] = new
        if done or abs(ends[0].t - ends[1].t) * abs(new.derivative) < options.tol_x:
            break
    return ends[0], ends[1]


def adjust_length(t: float, a: float, b: float, slow: bool) -> tuple[float, bool]:
    """Return t, moved off the ends of the bracket if close to one twice, and whether it is close for the first time.

    Close means within a tenth of the width.
    """
    low, high = min(a, b), max(a, b)
    margin = 0.1 * (high - low)
    if min(high - t, t - low) >= margin:
        return t, False
    if not slow and low < t < high:
        return t, True
    return (high - margin if abs(t - high) < abs(t - low) else low + margin), False


def is_too_high(point: LinePoint, origin: LinePoint, options: WolfeOptions) -> bool:
    """Whether the decrease of the loss is insufficient; also for NaN."""
    return not point.f <= origin.f + options.c1 * point.t * origin.derivative


def is_flat(point: LinePoint, origin: LinePoint, options: WolfeOptions) -> bool:
    """Whether the derivative is small compared to that at the start."""
    return abs(point.derivative) <= -options.c2 * origin.derivative
