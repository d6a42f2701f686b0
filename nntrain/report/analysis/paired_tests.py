"""Whether two networks differ by more than chance, on the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, fsum, lgamma, log

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.report.analysis.metric_scores import PERCENTILES, iterate_resamples
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.metric_selection import score_predictions
from nntrain.training.metrics.row_mean import RowMean
from nntrain.training.tasks.task import Task

# Resamples of a paired bootstrap: 10,000, or as many as this number of rows allows. The rows of a mean are summed;
# other metrics take them one by one.
RESAMPLES, MIN_RESAMPLES = 10_000, 500
MAX_SUMMED_ROWS, MAX_RESAMPLED_ROWS = 1_000_000_000, 30_000_000

# The difference of two networks for the given rows, and how often each of them was drawn.
Difference = Callable[[IntArray, Array], float]


@dataclass(frozen=True)
class PairedDifference:
    """The score of the first network minus that of the second, its 95 % interval, and the p of no difference.

    ``test``: the name of the test of p. ``resamples``: of the rows, for the interval.
    """

    difference: float
    low: float
    high: float
    p: float
    test: str
    resamples: int


def compute_mcnemar_p(first_only: int, second_only: int) -> float:
    """Return the p of the exact test of McNemar, for the rows that only one of two networks predicts correctly.

    Under the hypothesis of no difference, ``first_only`` is binomial with n = first_only + second_only and 1/2:
    p = min(1, 2 P(X <= min)).
    Source: McNemar, "Note on the sampling error of the difference between correlated proportions", 1947; Dietterich,
    "Approximate statistical tests for comparing supervised classification learning algorithms", 1998.
    """
    n, smaller = first_only + second_only, min(first_only, second_only)
    logarithms = [lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2) for k in range(smaller + 1)]
    return min(1.0, 2 * fsum(map(exp, logarithms)))


def compare_scores(
    metric: Metric, task: Task, first: Array, second: Array, truths: Array, weights: Array | None
) -> PairedDifference:
    """Compare two predictions of the same rows by a metric, with the percentile interval of the paired bootstrap.

    p: of McNemar's test for the accuracy of classes without sample weights; otherwise that of ``bootstrap``.
    """
    metric.reset(task.target.task, task.target.labels)
    if isinstance(metric, RowMean) and type(metric).update is RowMean.update:
        difference, max_rows = build_mean_difference(metric, first, second, truths, weights), MAX_SUMMED_ROWS
    else:
        difference, max_rows = build_difference(metric, task, first, second, truths, weights), MAX_RESAMPLED_ROWS
    found = bootstrap(difference, len(truths), max_rows)
    if metric.key != "accuracy" or task.target.task != "classification" or weights is not None:
        return found
    right, other = first == truths, second == truths
    p = compute_mcnemar_p(int((right & ~other).sum()), int((other & ~right).sum()))
    return PairedDifference(found.difference, found.low, found.high, p, "McNemar", found.resamples)


def compare_losses(first: Array, second: Array, weights: Array | None) -> PairedDifference:
    """Compare the losses (N,) of the same rows: the difference of their weighted means, as in ``bootstrap``."""
    gaps = first - second

    def compute(drawn: IntArray, counts: Array) -> float:
        w = counts if weights is None else counts * weights[drawn]
        return float(w @ gaps[drawn] / w.sum()) if w.any() else np.nan

    return bootstrap(compute, len(gaps), MAX_SUMMED_ROWS)


def build_difference(
    metric: Metric, task: Task, first: Array, second: Array, truths: Array, weights: Array | None
) -> Difference:
    """Return the difference by any metric, which is updated with the drawn rows and their weights."""

    def score(y: Array, drawn: IntArray, w: Array) -> float:
        return score_predictions(metric, task, y[drawn], truths[drawn], w)

    def compute(drawn: IntArray, counts: Array) -> float:
        w = counts if weights is None else counts * weights[drawn]
        return score(first, drawn, w) - score(second, drawn, w)

    return compute


def build_mean_difference(
    metric: RowMean, first: Array, second: Array, truths: Array, weights: Array | None
) -> Difference:
    """Return the difference by a metric that is a function of the mean of terms, which are computed once."""
    terms = [np.asarray(metric.compute_terms(y, truths), np.float64) for y in (first, second)]

    def score(chosen: Array, w: Array) -> float:
        metric.rows, metric.sums = float(w.sum()), metric.sum_terms(chosen, w)
        return float(metric.compute())

    def compute(drawn: IntArray, counts: Array) -> float:
        w = counts if weights is None else counts * weights[drawn]
        return score(terms[0][drawn], w) - score(terms[1][drawn], w)

    return compute


def bootstrap(difference: Difference, rows: int, max_rows: int) -> PairedDifference:
    """Return the difference for all rows, its percentile interval over resamples of them, and its p.

    Both networks are scored on the same drawn rows. p: twice the smaller fraction of resamples with a difference of
    another sign or none, both counted with one more resample. Resamples in which a score is undefined are omitted.
    Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapters 13 and 16; Davison and Hinkley,
    "Bootstrap methods and their application", 1997, section 4.2 (one more resample).
    """
    resamples = int(np.clip(max_rows // rows, MIN_RESAMPLES, RESAMPLES))
    whole = difference(np.arange(rows), np.ones(rows))
    found = np.array([difference(drawn, counts) for drawn, counts in iterate_resamples(rows, resamples)])
    known = found[np.isfinite(found)]
    low, high = (float(value) for value in np.percentile(known, PERCENTILES)) if len(known) else (np.nan, np.nan)
    below, above = (known <= 0).sum() + 1, (known >= 0).sum() + 1
    p = min(1.0, 2 * float(min(below, above)) / (len(known) + 1))
    return PairedDifference(whole, low, high, p, "paired bootstrap", resamples)


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
