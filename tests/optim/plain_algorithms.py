"""Reference implementations of the optimizers with Python floats and lists."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from nntrain.compute.array import Array

Vector: TypeAlias = list[float]
Function: TypeAlias = Callable[[Array], tuple[float, Array]]


class Counted:
    """A function of lists that counts its evaluations."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.n = 0

    def __call__(self, x: Vector) -> tuple[float, Vector]:
        self.n += 1
        f, g = self.function(np.array(x))
        return float(f), [float(value) for value in g]


def dot(a: Vector, b: Vector) -> float:
    """a · b, added up in numpy's order: where a cubic is nearly a parabola the last bit decides how far CG goes."""
    total = 0.0
    for p, q in zip(a, b, strict=True):  # sum() would compensate for rounding
        total += p * q
    return total


def moved(x: Vector, t: float, d: Vector) -> Vector:
    return [a + t * b for a, b in zip(x, d, strict=True)]


def sign(value: float) -> int:
    return (value > 0) - (value < 0)


def rprop(
    function: Function,
    x: Vector,
    steps: int,
    stepsize: float = 0.1,
    etaplus: float = 1.2,
    etaminus: float = 0.5,
    stepsizemax: float = 50,
    stepsizemin: float = 1e-6,
) -> tuple[Vector, Vector, Vector, Vector]:
    """(x, losses, delta, stepsize) after some steps."""
    call, losses = Counted(function), []
    delta, sizes = [0.0] * len(x), [stepsize] * len(x)
    for _ in range(steps):
        f, g = call(x)
        losses.append(f)
        x = list(x)
        for i, gradient in enumerate(g):
            agrees = sign(gradient) * sign(delta[i])
            sizes[i] *= {1: etaplus, -1: etaminus, 0: 1}[agrees]
            sizes[i] = min(max(sizes[i], stepsizemin), stepsizemax)
            delta[i] = 0 if agrees < 0 else gradient
            x[i] -= sign(delta[i]) * sizes[i]
    return x, losses, delta, sizes


def fista(
    function: Function,
    x: Vector,
    l1: float,
    L: float = 0.1,
    L_step: float = 1.5,
    max_iter: int = 50,
    max_line: int = 20,
    err_thres: float = 1e-4,
    do_fista_update: bool = True,
) -> tuple[Vector, list[tuple[float, ...]]]:
    """(x, history of nline, L, F, f, g, Q)."""
    call, before, y, t = Counted(function), x, x, 1.0
    history: list[tuple[float, ...]] = []
    while len(history) < max_iter:
        f, g = call(y)
        lines = 0
        while True:
            lines += 1
            z = [sign(a) * max(abs(a) - l1 / L, 0) for a in moved(y, -1 / L, g)]
            way = moved(z, -1, y)
            Q = f + dot(g, way) + L / 2 * dot(way, way)
            if call(z)[0] <= Q:
                break
            if lines > max_line:  # L has grown max_line times
                z = before
                break
            L *= L_step
        y = z
        if do_fista_update:
            after = (1 + math.sqrt(1 + 4 * t * t)) / 2
            y, t = moved(z, (1 - t) / after, moved(before, -1, z)), after
        before = z
        smooth, penalty = call(y)[0], l1 * sum(map(abs, y))
        history.append((lines, L, smooth + penalty, smooth, penalty, Q))
        if len(history) > 1 and abs(history[-1][2] - history[-2][2]) <= err_thres:
            break
    return y, history


def quotient(a: float, b: float) -> float:
    return a / b if b else math.nan


def root(value: float) -> float:
    return math.sqrt(value) if value >= 0 else math.nan


def cg(
    function: Function,
    x: Vector,
    max_iter: int = 20,
    max_eval: float | None = None,
    rho: float = 0.01,
    sig: float = 0.5,
    int_: float = 0.1,
    ext: float = 3,
    ratio: float = 100,
) -> tuple[Vector, Vector, int]:
    """(x, losses, evaluations)."""
    call = Counted(function)
    most = 1.25 * max_iter if max_eval is None else max_eval
    f1, g1 = call(x)
    losses, s, failed = [f1], [-a for a in g1], False
    d1 = -dot(s, s)
    z1 = 1 / (1 - d1)
    while call.n < most:
        start = x, g1
        x = moved(x, z1, s)
        f2, g2 = call(x)
        d2 = dot(g2, s)
        f3, d3, z3, left, limit = f1, d1, -z1, min(max_iter, most - call.n), -1.0
        while True:
            while (f2 > f1 + z1 * rho * d1 or d2 > -sig * d1) and left > 0:
                limit = z1
                A, B = 6 * (f2 - f3) / z3 + 3 * (d2 + d3), 3 * (f3 - f2) - z3 * (d3 + 2 * d2)
                if f2 > f1:
                    z2 = z3 - quotient(0.5 * d3 * z3 * z3, d3 * z3 + f2 - f3)
                else:
                    z2 = quotient(root(B * B - A * d2 * z3 * z3) - B, A)
                z2 = z2 if math.isfinite(z2) else z3 / 2
                z2 = max(min(z2, int_ * z3), (1 - int_) * z3)
                z1, x = z1 + z2, moved(x, z2, s)
                f2, g2 = call(x)
                left, d2, z3 = left - 1, dot(g2, s), z3 - z2
            good = not (f2 > f1 + z1 * rho * d1 or d2 > -sig * d1)
            if not good or d2 > sig * d1 or left <= 0:
                good = good and d2 > sig * d1
                break
            A, B = 6 * (f2 - f3) / z3 + 3 * (d2 + d3), 3 * (f3 - f2) - z3 * (d3 + 2 * d2)
            z2 = quotient(-d2 * z3 * z3, B + root(B * B - A * d2 * z3 * z3))
            if not math.isfinite(z2) or z2 < 0:
                z2 = z1 * (ext - 1) if limit < -0.5 else (limit - z1) / 2
            elif limit > -0.5 and z1 + z2 > limit:
                z2 = (limit - z1) / 2
            elif limit < -0.5 and z1 + z2 > z1 * ext:
                z2 = z1 * (ext - 1)
            elif z2 < -z3 * int_:
                z2 = -z3 * int_
            elif limit > -0.5 and z2 < (limit - z1) * (1 - int_):
                z2 = (limit - z1) * (1 - int_)
            f3, d3, z3 = f2, d2, -z2
            z1, x = z1 + z2, moved(x, z2, s)
            f2, g2 = call(x)
            left, d2 = left - 1, dot(g2, s)
        if good:
            losses.append(f2)
            f1, beta = f2, (dot(g2, g2) - dot(g2, g1)) / dot(g1, g1)
            s, g1 = moved([beta * a for a in s], -1, g2), g2
            d2 = dot(g1, s)
            if d2 > 0:
                s = [-a for a in g1]
                d2 = -dot(s, s)
            z1, d1, failed = z1 * min(ratio, d1 / (d2 - 1e-320)), d2, False
        else:
            x, g1 = start
            if failed or call.n > most:
                break
            # down the gradient of the last trial
            s, g1 = [-a for a in g2], g2
            d1, failed = -dot(s, s), True
            z1 = 1 / (1 - d1)
    return x, losses, call.n
