"""Scores of predictions by the metrics of a run, with an interval, and for other predictions of the same rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.report.set_predictions import SetPredictions
from nntrain.training.metrics.metric import Metric, PredictionForm
from nntrain.training.metrics.metric_selection import score_predictions

# Resamples of an interval: as many as this number of rows allows, within limits.
MAX_RESAMPLED_ROWS = 3_000_000
MIN_RESAMPLES, MAX_RESAMPLES = 100, 1000

# The percentiles of a 95 % interval.
PERCENTILES = (2.5, 97.5)

SEED = 0


@dataclass(frozen=True)
class ScoreInterval:
    """A score, and the interval in which it is for 95 % of ``resamples`` resamples of the rows."""

    score: float
    low: float
    high: float
    resamples: int


def get_predictions(predictions: SetPredictions, form: PredictionForm) -> Array:
    """Return the predictions in the form that a metric takes."""
    if form == "labels":
        return predictions.labels
    return predictions.probabilities if form == "probabilities" else predictions.numbers


def compute_score(metric: Metric, y: Array, predictions: SetPredictions, weights: Array | None) -> float:
    """Return the score of other predictions y of the same rows."""
    return score_predictions(metric, predictions.task, y, predictions.truths, weights)


def compute_interval(metric: Metric, predictions: SetPredictions) -> ScoreInterval:
    """Return the percentile interval of the bootstrap: rows are drawn with replacement, as often as there are rows.

    Resamples in which the score is undefined are omitted.
    Source: Efron, "Bootstrap methods: another look at the jackknife", 1979; DiCiccio and Efron, "Bootstrap confidence
    intervals", 1996, section 1.
    """
    rows, y = predictions.rows, get_predictions(predictions, metric.takes)
    # Metrics of probabilities, most of which sort the rows, take ten times as long for each of the columns.
    cost = 10 * y.shape[1] if metric.takes == "probabilities" else 1
    resamples = int(np.clip(MAX_RESAMPLED_ROWS // (cost * rows), MIN_RESAMPLES // min(cost, 4), MAX_RESAMPLES))
    scores = []
    for drawn, counts in iterate_resamples(rows, resamples):
        weights = counts if predictions.weights is None else counts * predictions.weights[drawn]
        scores.append(score_predictions(metric, predictions.task, y[drawn], predictions.truths[drawn], weights))
    known = np.array([score for score in scores if np.isfinite(score)])
    low, high = np.percentile(known, PERCENTILES) if len(known) else (np.nan, np.nan)
    return ScoreInterval(float(predictions.scores[metric.key]), float(low), float(high), resamples)


def iterate_resamples(rows: int, resamples: int) -> Iterator[tuple[IntArray, Array]]:
    """Yield the rows of each resample in their order, and how often each was drawn, always the same ones."""
    random = np.random.default_rng(SEED)
    for _ in range(resamples):
        counts = np.bincount(random.integers(0, rows, rows), minlength=rows)
        drawn = np.flatnonzero(counts)
        yield drawn, counts[drawn].astype(np.float64)


def find_better(scores: Sequence[float], *, higher_is_better: bool) -> int:
    """Return the position of the best score; one that is undefined is the worst."""
    values = np.asarray(scores, np.float64) * (1 if higher_is_better else -1)
    return int(np.argmax(np.where(np.isnan(values), -np.inf, values)))
