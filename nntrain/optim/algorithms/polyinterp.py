"""Minimum of the polynomial through values and derivatives."""

import math

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ArgumentError

# Smaller coefficients are treated as rounding errors.
NEGLIGIBLE = 1e-12


def polyinterp(points: Array, xmin_bound: float | None = None, xmax_bound: float | None = None) -> tuple[float, float]:
    """Return the minimum of the polynomial through points (n, 3) of x, f, f′, and its value there.

    For two points without bounds, the minimum of the cubic in closed form, clipped to the points. Otherwise, the
    polynomial of degree 2n − 1 is fitted by least squares, and bounds, points and critical points are compared; the
    default bounds are those of the points.
    Source: torch/optim, polyinterp.lua; Nocedal and Wright, "Numerical optimization", 2006, equation 3.59.
    """
    points = np.asarray(points, float)
    if points.ndim != 2 or points.shape[1] != 3:
        raise ArgumentError(f"polyinterp: expected points (n, 3) of x, f, f', got shape {points.shape}")
    if len(points) == 2 and xmin_bound is None and xmax_bound is None:
        left, right = sorted(map(tuple, points))
        return minimize_cubic(left, right)
    low = points[:, 0].min() if xmin_bound is None else xmin_bound
    high = points[:, 0].max() if xmax_bound is None else xmax_bound
    return minimize_within(points, float(low), float(high))


@np.errstate(all="ignore")
def minimize_cubic(left: tuple[float, ...], right: tuple[float, ...]) -> tuple[float, float]:
    """Return the minimum of the cubic between two points; the midpoint if there is none."""
    (x1, f1, g1), (x2, f2, g2) = (np.asarray(point, float) for point in (left, right))
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    d2 = np.sqrt(d1 * d1 - g1 * g2)
    x = x2 - (x2 - x1) * (g2 + d2 - d1) / (g2 - g1 + 2 * d2)
    x = (x1 + x2) / 2 if np.isnan(x) else np.clip(x, x1, x2)
    # Hermite's form: s from 0 to 1
    width = x2 - x1
    s = (x - x1) / width if width else 0.0
    bend = (g1 * (1 - s) - g2 * s) * width + (1 - 2 * s) * (f1 - f2)
    return float(x), float((1 - s) * f1 + s * f2 + s * (1 - s) * bend)


def minimize_within(points: Array, low: float, high: float) -> tuple[float, float]:
    """Return the best of bounds, points and critical points in [low, high]; the midpoint if there is none."""
    x, f, derivative = points.T
    powers = np.arange(2 * len(points) - 1, -1, -1)
    rows = np.concatenate([x[:, None] ** powers, powers * x[:, None] ** np.maximum(powers - 1, 0)])
    values = np.concatenate([f, derivative])
    # drop NaN and infinite values
    known = np.isfinite(values)
    polynomial = solve(rows[known], values[known])
    polynomial[np.abs(polynomial) < NEGLIGIBLE] = 0
    critical = np.roots(np.polyder(polynomial))
    candidates = [low, high, *x, *critical[np.isreal(critical)].real]
    best = (low + high) / 2, math.inf
    for candidate in candidates:
        value = float(np.polyval(polynomial, candidate))
        if low <= candidate <= high and value < best[1]:
            best = float(candidate), value
    return best if best[1] < math.inf else (best[0], float(np.polyval(polynomial, best[0])))


def solve(rows: Array, values: Array) -> Array:
    """Solve rows · coefficients = values exactly if there is a unique solution, else by least squares.

    For close points, least squares would lose the smallest terms of a cubic.
    """
    if len(rows) == rows.shape[1]:
        Q, R = np.linalg.qr(rows)
        if np.diagonal(R).all():
            return np.linalg.solve(R, Q.T @ values)
    return np.linalg.lstsq(rows, values)[0]
