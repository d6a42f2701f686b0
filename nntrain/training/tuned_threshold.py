"""The threshold at which a metric of validation rows is best."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.part import Part
from nntrain.errors import ConfigError, SpecError, spell
from nntrain.training.metrics.chosen import Entry, made, suited
from nntrain.training.metrics.metric import Metric
from nntrain.training.task import Task
from nntrain.training.threshold import USUAL, Threshold
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["check_threshold", "require_thresholds", "tuned_threshold", "tuning_metric"]

# The metric of these rows: true positives, false positives, false negatives, true negatives.
Score = Callable[[Array], float]

# Of more thresholds than this, as many are tried, evenly spaced among the rows.
MOST = 10_000


def check_threshold(task: Task, threshold: float | Entry | None, validation: Part | None) -> None:
    """ConfigError for a ``train.threshold`` that the task does not have, or cannot choose."""
    if threshold is None:
        return
    require_thresholds(task, "train.threshold")
    if isinstance(threshold, float):
        return
    tuning_metric(task, threshold)
    if validation is None:
        raise ConfigError(
            "train.threshold: expected validation rows to choose it by, got none; set data.validation, or a number"
        )


def require_thresholds(task: Task, where: str) -> None:
    """ConfigError unless a threshold decides about predictions."""
    if task.thresholds == 0:
        target = task.target
        got = f"{len(target.labels)} classes" if target.task == "classification" else "a regression"
        raise ConfigError(f"{where}: expected a target of two classes, or of labels, got {got}; leave it out")


def tuning_metric(task: Task, entry: Entry) -> Metric:
    """The metric of an entry. ConfigError if it does not exist, or a threshold has no influence on it."""
    try:
        (metric,) = made(task, [entry])
    except SpecError as error:
        where = (spell(("train", "threshold", *place[1:])) for place, _ in error.problems)
        problems = (what for _, what in error.problems)
        raise ConfigError(*(f"{key}: {what}" for key, what in zip(where, problems, strict=True))) from error
    if metric.takes != "labels" or not metric.scalar:
        fit = ", ".join(name for name, cls in suited(task).items() if cls.takes == "labels" and cls.scalar)
        raise ConfigError(
            f"train.threshold: {metric.key!r} is not one number that a threshold changes; expected: {fit}"
        )
    return metric


def tuned_threshold(network: TrainedNetwork, part: Part, entry: Entry) -> Threshold:
    """The threshold with the best score of the rows of a part; of labels one each, as if each were alone."""
    task = network.task
    metric = tuning_metric(task, entry)
    p, t, weights = judged(network, part)
    if task.target.task == "classification":
        return best(p[:, 1], t == 1, weights, scorer(metric, task.target.labels))
    labels = enumerate(task.target.labels)
    return [best(p[:, index], t[:, index], weights, scorer(metric, [label])) for index, label in labels]


def judged(network: TrainedNetwork, part: Part) -> tuple[Array, Array, Array]:
    """Probabilities and truths of all rows, and how much each row counts."""
    assert part.targets is not None
    task = network.task
    p = np.concatenate([task.judged(y, "probabilities").astype(np.float64) for y in network.outputs(part.inputs)])
    weights = np.ones(part.rows) if part.weights is None else np.asarray(part.weights[:], np.float64)
    return p, task.truths(part.targets[:]), weights


def scorer(metric: Metric, labels: list[str]) -> Score:
    """The score of two classes, or of one label; higher is better."""
    y, t = np.array([[1, 1, 0, 0], [1, 0, 1, 0]])
    if len(labels) == 1:
        y, t = y[:, None] > 0, t[:, None] > 0
    sign = 1 if metric.higher_is_better else -1

    def score(counts: Array) -> float:
        metric.begin(metric.task, labels)
        metric.update(y, t, counts)
        return sign * float(metric.value())

    return score


def best(p: Array, t: Array, weights: Array, score: Score) -> float:
    """The threshold with the highest score, of equals the one next to 0.5; 0.5 if no score is defined."""
    counting = weights > 0
    if not counting.any():
        return USUAL
    p, t, weights = p[counting], t[counting], weights[counting]
    limits = thresholds(p, t)
    with np.errstate(all="ignore"):
        scores = np.array([score(counts) for counts in counts_above(limits, p, t, weights)])
    if np.isnan(scores).all():
        return USUAL
    equal = limits[scores == np.nanmax(scores)]
    return float(equal[np.abs(equal - USUAL).argmin()])


def thresholds(p: Array, t: Array) -> Array:
    """0.5, and half the way between each two probabilities of which the smaller has negative rows and the other
    positive ones: between others, a score gets no better; and below and above all.
    """
    values, places = np.unique(p, return_inverse=True)
    negative, positive = (np.bincount(places.reshape(-1), rows) > 0 for rows in (~t, t))
    steps = np.flatnonzero(negative[:-1] & positive[1:])
    if len(steps) > MOST:
        steps = steps[np.linspace(0, len(steps) - 1, MOST).astype(int)]
    between = (values[steps] + values[steps + 1]) / 2
    return np.unique([USUAL, values[0] / 2, *between, (values[-1] + 1) / 2])


def counts_above(limits: Array, p: Array, t: Array, weights: Array) -> Iterator[Array]:
    """True positives, false positives, false negatives, true negatives at each threshold, in weights of rows."""
    order = np.argsort(p, kind="stable")
    below = np.searchsorted(p[order], limits, "right")
    positive, negative = (np.concatenate([[0.0], np.cumsum((weights * rows)[order])]) for rows in (t, ~t))
    for place in below:
        fn, tn = positive[place], negative[place]
        yield np.array([positive[-1] - fn, negative[-1] - tn, fn, tn])
