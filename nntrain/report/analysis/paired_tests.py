"""Whether two networks differ by more than chance, on the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from nntrain.compute.array import Array
from nntrain.report.analysis.metric_scores import PERCENTILES, SEED
from nntrain.training.metrics.metric import Metric
from nntrain.training.tasks.task import Task

# Resamples of a paired bootstrap: as many as this number of rows allows, within limits.
MAX_RESAMPLED_ROWS = 10_000_000
MIN_RESAMPLES, MAX_RESAMPLES = 500, 10_000


@dataclass(frozen=True)
class PairedDifference:
    """The score of the first network minus that of the second, its 95 % interval, and the p of no difference.

    ``test``: the name of the test of p.
    """

    difference: float
    low: float
    high: float
    p: float
    test: str


def compute_mcnemar_p(first_only: int, second_only: int) -> float:
    """Return the p of the exact test of McNemar, for the rows that only one of two networks predicts correctly.

    Under the hypothesis of no difference, ``first_only`` is binomial with n = first_only + second_only and 1/2:
    p = min(1, 2 P(X <= min)).
    Source: McNemar, "Note on the sampling error of the difference between correlated proportions", 1947; Dietterich,
    "Approximate statistical tests for comparing supervised classification learning algorithms", 1998.
    """
    n, smaller = first_only + second_only, min(first_only, second_only)
    return min(1.0, 2 * sum(comb(n, k) for k in range(smaller + 1)) / 2**n)


def compare_scores(
    metric: Metric, task: Task, first: Array, second: Array, truths: Array, weights: Array | None
) -> PairedDifference:
    """Compare two predictions of the same rows by a metric, with the percentile interval of the paired bootstrap.

    p: of McNemar's test for the accuracy of classes without sample weights; otherwise twice the smaller fraction of
    resamples with a difference of another sign.
    Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapters 13 and 16.
    """
    rows = len(truths)
    resamples = int(np.clip(MAX_RESAMPLED_ROWS // rows, MIN_RESAMPLES, MAX_RESAMPLES))
    random = np.random.default_rng(SEED)

    def score(y: Array, drawn: Array, counts: Array) -> float:
        w = counts if weights is None else counts * weights[drawn]
        metric.reset(task.target.task, task.target.labels)
        metric.update(y[drawn], truths[drawn], w)
        return float(metric.compute())

    everything, once = np.arange(rows), np.ones(rows)
    difference = score(first, everything, once) - score(second, everything, once)
    found = np.empty(resamples)
    for index in range(resamples):
        counts = np.bincount(random.integers(0, rows, rows), minlength=rows).astype(np.float64)
        drawn = np.flatnonzero(counts)
        found[index] = score(first, drawn, counts[drawn]) - score(second, drawn, counts[drawn])
    known = found[np.isfinite(found)]
    low, high = (float(value) for value in np.percentile(known, PERCENTILES)) if len(known) else (np.nan, np.nan)
    if metric.key == "accuracy" and task.target.task == "classification" and weights is None:
        right, other = first == truths, second == truths
        p = compute_mcnemar_p(int((right & ~other).sum()), int((other & ~right).sum()))
        return PairedDifference(difference, low, high, p, "McNemar")
    below, above = (known <= 0).sum() + 1, (known >= 0).sum() + 1
    p = min(1.0, 2 * float(min(below, above)) / (len(known) + 1))
    return PairedDifference(difference, low, high, p, "paired bootstrap")


def correct_p_values(p: Sequence[float]) -> list[float]:
    """Return the p corrected for their number, so that the probability of any false one stays below the limit.

    Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.
    """
    order = np.argsort(p, kind="stable")
    corrected = np.empty(len(p))
    largest = 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - rank) * p[index]))
        corrected[index] = largest
    return corrected.tolist()
