"""Tune the threshold for the best score on the validation set."""

from collections.abc import Callable, Iterator

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.errors import ConfigError, SpecError
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.metric_selection import MetricEntry, build_metrics, list_metrics_for
from nntrain.training.tasks.task import Task
from nntrain.training.tasks.threshold import DEFAULT_THRESHOLD, Threshold
from nntrain.training.trained_network import TrainedNetwork

# The score of the counts of true positives, false positives, false negatives and true negatives.
ScoreFunction = Callable[[Array], float]

# Maximum number of thresholds to try; if there are more, evenly spaced ones among the rows.
MAX_CANDIDATES = 10_000


def check_threshold(task: Task, threshold: float | MetricEntry | None, validation: Dataset | None) -> None:
    """ConfigError for a ``train.threshold`` that the task does not have, or that cannot be tuned."""
    if threshold is None:
        return
    require_threshold(task, "train.threshold")
    if isinstance(threshold, float):
        return
    build_threshold_metric(task, threshold)
    if validation is None:
        raise ConfigError(
            "train.threshold: expected a validation set to tune it on, got none; set data.validation, or a number"
        )


def require_threshold(task: Task, where: str) -> None:
    """ConfigError unless predictions depend on a threshold."""
    if task.threshold_count == 0:
        target = task.target
        got = f"{len(target.labels)} classes" if target.task == "classification" else "a regression"
        raise ConfigError(f"{where}: expected a target with two classes or with labels, got {got}; remove it")


def build_threshold_metric(task: Task, entry: MetricEntry) -> Metric:
    """Build the metric of an entry. ConfigError if it does not exist, or does not depend on a threshold."""
    try:
        (metric,) = build_metrics(task, [entry])
    except SpecError as error:
        problems = [(path[1:], problem) for path, problem in error.problems]
        raise SpecError(problems).to_config_error("train", "threshold") from error
    if metric.takes != "labels" or not metric.is_scalar:
        metrics = list_metrics_for(task).items()
        known = ", ".join(name for name, cls in metrics if cls.takes == "labels" and cls.is_scalar)
        raise ConfigError(
            f"train.threshold: expected a number, or a metric that depends on it ({known}), got {metric.key!r}"
        )
    return metric


def tune_threshold(network: TrainedNetwork, dataset: Dataset, entry: MetricEntry) -> Threshold:
    """Return the threshold with the best score on a dataset; for labels one each, tuned separately."""
    return find_best_thresholds(network.task, entry, *collect_predictions(network, dataset))


def find_best_thresholds(task: Task, entry: MetricEntry, p: Array, t: Array, weights: Array) -> Threshold:
    """Return the threshold with the best score for probabilities, truths and weights of rows; for labels one each."""
    metric = build_threshold_metric(task, entry)
    if task.target.task == "classification":
        return find_best_threshold(p[:, 1], t == 1, weights, make_scorer(metric, task.target.labels))
    labels = enumerate(task.target.labels)
    return [
        find_best_threshold(p[:, index], t[:, index], weights, make_scorer(metric, [label])) for index, label in labels
    ]


def collect_predictions(network: TrainedNetwork, dataset: Dataset) -> tuple[Array, Array, Array]:
    """Return the probabilities, truths and weights of all rows."""
    assert dataset.targets is not None
    task = network.task
    outputs = network.iterate_outputs(dataset.inputs)
    p = np.concatenate([task.to_metric_predictions(y, "probabilities").astype(np.float64) for y in outputs])
    weights = np.ones(dataset.rows) if dataset.weights is None else np.asarray(dataset.weights[:], np.float64)
    return p, task.to_metric_targets(dataset.targets[:]), weights


def make_scorer(metric: Metric, labels: list[str]) -> ScoreFunction:
    """Return the score function of two classes, or of one label; higher is better."""
    y, t = np.array([[1, 1, 0, 0], [1, 0, 1, 0]])
    if len(labels) == 1:
        y, t = y[:, None] > 0, t[:, None] > 0
    sign = 1 if metric.higher_is_better else -1

    def score(counts: Array) -> float:
        metric.reset(metric.task, labels)
        metric.update(y, t, counts)
        return sign * float(metric.compute())

    return score


def find_best_threshold(p: Array, t: Array, weights: Array, score: ScoreFunction) -> float:
    """Return the threshold with the highest score, among equals the nearest to 0.5; 0.5 if no score is defined."""
    counting = weights > 0
    if not counting.any():
        return DEFAULT_THRESHOLD
    p, t, weights = p[counting], t[counting], weights[counting]
    limits = build_candidates(p, t)
    with np.errstate(all="ignore"):
        scores = np.array([score(counts) for counts in count_outcomes(limits, p, t, weights)])
    if np.isnan(scores).all():
        return DEFAULT_THRESHOLD
    equal = limits[scores == np.nanmax(scores)]
    return float(equal[np.abs(equal - DEFAULT_THRESHOLD).argmin()])


def build_candidates(p: Array, t: Array) -> Array:
    """Return the thresholds to try: 0.5, below and above all probabilities, and the midpoints between two adjacent
    ones of which the smaller has negative rows and the larger positive ones: other midpoints never score better.
    """
    values, places = np.unique(p, return_inverse=True)
    negative, positive = (np.bincount(places.reshape(-1), rows) > 0 for rows in (~t, t))
    steps = np.flatnonzero(negative[:-1] & positive[1:])
    if len(steps) > MAX_CANDIDATES:
        steps = steps[np.linspace(0, len(steps) - 1, MAX_CANDIDATES).astype(int)]
    between = (values[steps] + values[steps + 1]) / 2
    return np.unique([DEFAULT_THRESHOLD, values[0] / 2, *between, (values[-1] + 1) / 2])


def count_outcomes(limits: Array, p: Array, t: Array, weights: Array) -> Iterator[Array]:
    """Yield the weights of true positives, false positives, false negatives and true negatives at each threshold."""
    order = np.argsort(p, kind="stable")
    below = np.searchsorted(p[order], limits, "right")
    positive, negative = (np.concatenate([[0.0], np.cumsum((weights * rows)[order])]) for rows in (t, ~t))
    for count in below:
        fn, tn = positive[count], negative[count]
        yield np.array([positive[-1] - fn, negative[-1] - tn, fn, tn])
