"""Differences between the training rows and other rows of a column."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn

# A difference is worth a warning if it is at least this large, and if chance would rarely make one as large.
MIN_DISTANCE, MAX_P = 0.1, 0.01

# Terms of the series of the Kolmogorov distribution.
TERMS = 100


@dataclass(frozen=True)
class Drift:
    """``distance``: from 0, for equal distributions, to 1. ``p``: the probability of one as large by chance alone.

    p is corrected for the number of columns that are compared.
    """

    column: str
    set_name: str
    distance: float
    p: float

    @property
    def is_large(self) -> bool:
        """Whether it is large and hardly due to chance."""
        return self.distance >= MIN_DISTANCE and self.p < MAX_P


def measure_drift(train: RawColumn, other: RawColumn) -> tuple[float, float]:
    """Return the distance between the known values of two sets, and its p; (0, 1) if one has none.

    Numbers and times: the Kolmogorov-Smirnov distance. Categories and booleans: the total variation distance
    Σ |p − q| / 2, with the p of the χ² test of homogeneity.
    """
    a, b = train.known, other.known
    if not len(a) or not len(b):
        return 0.0, 1.0
    if train.kind in ("number", "time"):
        return compare_numbers(a.astype(np.float64), b.astype(np.float64))
    return compare_categories(Counter(a.tolist()), Counter(b.tolist()))


def compare_numbers(a: Array, b: Array) -> tuple[float, float]:
    """Return D = max |F_a − F_b| and its asymptotic p.

    p = 2 Σ (−1)^(k−1) exp(−2 k² λ²), λ = (√n + 0.12 + 0.11 / √n) D, n = |a| |b| / (|a| + |b|).
    Source: Stephens, "Use of the Kolmogorov-Smirnov, Cramér-von Mises and related statistics", 1970.
    """
    a, b = np.sort(a), np.sort(b)
    points = np.concatenate([a, b])
    below = np.searchsorted(a, points, side="right") / len(a), np.searchsorted(b, points, side="right") / len(b)
    distance = float(np.abs(below[0] - below[1]).max())
    root = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    scaled = (root + 0.12 + 0.11 / root) * distance
    k = np.arange(1, TERMS + 1)
    p = float(2 * np.sum((-1.0) ** (k - 1) * np.exp(-2 * k**2 * scaled**2))) if scaled > 0.2 else 1.0
    return distance, min(max(p, 0.0), 1.0)


def compare_categories(a: Counter[object], b: Counter[object]) -> tuple[float, float]:
    """Return the total variation distance of counts, and the p of the χ² test.

    The χ² distribution is approximated by Wilson and Hilferty, "The distribution of chi-square", 1931.
    """
    names = list(a | b)
    counts = np.array([[table[name] for name in names] for table in (a, b)], np.float64)
    totals = counts.sum(axis=1, keepdims=True)
    distance = float(np.abs(np.subtract(*(counts / totals))).sum() / 2)
    freedom = len(names) - 1
    if freedom == 0:
        return 0.0, 1.0
    expected = totals * counts.sum(axis=0) / totals.sum()
    chi_squared = float(((counts - expected) ** 2 / expected).sum())
    spread = 2 / (9 * freedom)
    z = ((chi_squared / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)
    return distance, math.erfc(z / math.sqrt(2)) / 2
