"""Poolings as their formulas say, element by element."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import ceil
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Shape


def count(n: int, k: int, d: int, pad: int, dilation: int, up: bool, any_pad: bool) -> int:
    """The number of windows along one axis."""
    q = n + 2 * pad - (dilation * (k - 1) + 1)
    out = ceil(q / d) + 1 if up else q // d + 1
    return out - 1 if any_pad and (out - 1) * d >= n + pad else out


def windows(sizes: Shape, kernel: Shape, stride: Shape, pad: Shape, dilation: Shape, up: bool) -> Iterator[Any]:
    """Every window with the places of its taps, row by row, also those outside."""
    rows = list(zip(sizes, kernel, stride, pad, dilation, strict=True))
    for window in product(*(range(count(*row, up, any(pad))) for row in rows)):
        starts = [i * d - p for i, d, p in zip(window, stride, pad, strict=True)]
        taps = product(*(range(s, s + k * e, e) for s, k, e in zip(starts, kernel, dilation, strict=True)))
        yield window, list(taps)


def pooled(x: Array, places: list[tuple[Any, list[Shape]]], best: Callable[[Array, list[Shape]], Any]) -> Any:
    """What ``best`` says of every window of every plane of x (N, C, *sizes), given the places inside."""
    axes = len(places[-1][0])
    counts = tuple(n + 1 for n in places[-1][0])
    sizes = x.shape[-axes:]
    y = np.zeros((*x.shape[:-axes], *counts), object)
    for plane in np.ndindex(x.shape[:-axes]):
        for window, taps in places:
            inside = [tap for tap in taps if all(0 <= p < n for p, n in zip(tap, sizes, strict=True))]
            y[plane + window] = best(x[plane], inside)
    return y


def largest(x: Array, taps: list[Shape]) -> tuple[float, int]:
    """The first of the largest elements, and its flat position."""
    winner = taps[0]
    for tap in taps[1:]:
        if x[tap] > x[winner]:
            winner = tap
    return float(x[winner]), int(np.ravel_multi_index(winner, x.shape))
