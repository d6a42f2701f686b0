"""Reference implementation of L-BFGS and its line search."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from tests.optim.plain_algorithms import Counted, Function, Vector, dot, moved, quotient, root


def cubic(p: Vector, q: Vector) -> float:
    """Return the minimum of the cubic between two points (x, f, f')."""
    (x1, f1, g1), (x2, f2, g2) = sorted((p, q))
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    d2 = root(d1 * d1 - g1 * g2)
    t = x2 - (x2 - x1) * quotient(g2 + d2 - d1, g2 - g1 + 2 * d2)
    return (x1 + x2) / 2 if math.isnan(t) else min(max(t, x1), x2)


def lswolfe(
    call: Counted,
    bounded: Callable[[Array, float, float], tuple[float, float]],
    x: Vector,
    t: float,
    d: Vector,
    f: float,
    g: Vector,
    c1: float = 1e-4,
    c2: float = 0.9,
    tol_x: float = 1e-9,
    max_iter: int = 20,
) -> tuple[float, Vector, Vector, float]:
    """(f, g, x, t); ``bounded`` is the interpolation within bounds."""
    gtd = dot(g, d)

    def at(t: float) -> tuple[Vector, Vector]:
        f, g = call(moved(x, t, d))
        return [t, f, dot(g, d)], g

    before, new, i, done = ([0, f, gtd], g), at(t), 0, False
    ends = [before, new]
    while i < max_iter:
        (t, f_new, gtd_new), ends = new[0], [before, new]
        if f_new > f + c1 * t * gtd or (i > 1 and f_new >= before[0][1]):
            break
        if abs(gtd_new) <= -c2 * gtd:
            ends, done = [new, new], True
            break
        if gtd_new >= 0:
            break
        t, _ = bounded(np.array([before[0], new[0]]), t + 0.01 * (t - before[0][0]), 10 * t)
        before, new, i = new, at(t), i + 1
    if i == max_iter:
        ends = [([0, f, gtd], g), new]
    weak = False
    while not done and i < max_iter:
        low = 0 if ends[0][0][1] <= ends[1][0][1] else 1
        t = cubic(ends[0][0], ends[1][0])
        a, b = sorted(end[0][0] for end in ends)
        if min(b - t, t - a) < 0.1 * (b - a):
            if weak or not a < t < b:
                t = b - 0.1 * (b - a) if abs(t - b) < abs(t - a) else a + 0.1 * (b - a)
                weak = False
            else:
                weak = True
        else:
            weak = False
        new, i = at(t), i + 1
        _, f_new, gtd_new = new[0]
        if f_new > f + c1 * t * gtd or f_new >= ends[low][0][1]:
            ends[1 - low] = new
        else:
            done = abs(gtd_new) <= -c2 * gtd
            if not done and gtd_new * (ends[1 - low][0][0] - ends[low][0][0]) >= 0:
                ends[1 - low] = ends[low]
            ends[low] = new
        if not done and abs((ends[0][0][0] - ends[1][0][0]) * gtd_new) < tol_x:
            break
    (t, f, _), g = min(ends, key=lambda end: end[0][1])
    return f, g, moved(x, t, d), t


def lbfgs(
    function: Function,
    x: Vector,
    bounded: Callable[[Array, float, float], tuple[float, float]],
    calls: int = 1,
    max_iter: int = 20,
    max_eval: float | None = None,
    n_correction: int = 100,
    learning_rate: float = 1,
    line_search_options: dict[str, Any] | None = None,
) -> tuple[Vector, Vector, list[int]]:
    """(x, losses, evaluations of each call), with the line search."""
    call, losses, evaluations, iterations, H = Counted(function), [], [], 0, 1.0
    most = 1.25 * max_iter if max_eval is None else max_eval
    pairs: list[tuple[Vector, Vector]] = []
    d: Vector = []
    old: tuple[float, Vector] = (0.0, [])
    t = 0.0
    for _ in range(calls):
        begun = call.n
        f, g = call(x)
        losses.append(f)
        for iteration in range(1, max_iter + 1):
            if sum(map(abs, g)) <= 1e-5:
                break
            iterations += 1
            if iterations > 1:
                y, s = moved(g, -1, old[1]), [t * a for a in d]
                if dot(y, s) > 1e-10:
                    pairs = [*pairs, (s, y)][-n_correction:]
                    H = dot(y, s) / dot(y, y)
            d, factors = [-a for a in g], []
            for s, y in reversed(pairs):
                factors.append(dot(s, d) / dot(y, s))
                d = moved(d, -factors[-1], y)
            d = [H * a for a in d]
            for (s, y), factor in zip(pairs, reversed(factors), strict=True):
                d = moved(d, factor - dot(y, d) / dot(y, s), s)
            old = f, g
            if dot(g, d) > -1e-9:
                break
            t = learning_rate * (min(1, 1 / sum(map(abs, g))) if iterations == 1 else 1)
            f, g, x, t = lswolfe(call, bounded, x, t, d, f, g, **(line_search_options or {}))
            losses.append(f)
            done = call.n - begun >= most or abs(t) * sum(map(abs, d)) <= 1e-9 or abs(f - old[0]) < 1e-9
            if iteration == max_iter or done:
                break
        evaluations.append(call.n - begun)
    return x, losses, evaluations
