"""The metrics of a task, as named in a config or on a command line."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from nntrain.compute.array import Array
from nntrain.errors import ArgumentError, ConfigError, SpecError, suggest_name
from nntrain.nn.building.factory import build_registered, list_classes
from nntrain.nn.building.spec_validation import SpecProblem
from nntrain.training.metrics.metric import Metric
from nntrain.training.tasks.task import Task

# A name, or {"type": name, option: value}.
MetricEntry: TypeAlias = str | dict[str, Any]

# The metrics that are understood most easily; a run has some of them.
HEADLINE_METRICS = ("accuracy", "exact_match", "mae", "r2", "rmse")


def build_metrics(task: Task, entries: Sequence[MetricEntry]) -> list[Metric]:
    """Build metrics and reset them. SpecError lists every problem, each at the index of its entry."""
    problems: list[SpecProblem] = []
    metrics: dict[str, Metric] = {}
    for index, entry in enumerate(entries):
        try:
            metric = build_metric(task, entry)
            if metric.key in ("loss", *metrics):
                raise SpecError([((), f"{metric.key!r} is listed twice; remove one of the two")])
            metrics[metric.key] = metric
        except SpecError as error:
            problems += [((index, *path), what) for path, what in error.problems]
    if problems:
        raise SpecError(problems)
    return list(metrics.values())


def build_metric(task: Task, entry: MetricEntry) -> Metric:
    """Build one metric. SpecError if it does not support the task."""
    metric: Metric = build_registered(entry, "metric")
    metric.positive = task.positive
    task_type = task.target.task
    if task_type not in metric.tasks:
        known = ", ".join(list_metrics_for(task))
        tasks = " and ".join(metric.tasks)
        raise SpecError([((), f"{metric.name!r} is for {tasks}; expected one for {task_type}: {known}")])
    try:
        metric.reset(task_type, task.target.labels)
    except ArgumentError as error:
        raise SpecError([((), str(error))]) from error
    return metric


def list_metrics_for(task: Task) -> dict[str, type[Metric]]:
    """Return the registered metrics for a task."""
    return {name: cls for name, cls in list_classes("metric").items() if task.target.task in cls.tasks}


def choose_metrics(task: Task, entries: Sequence[MetricEntry] | None, monitor: str) -> list[MetricEntry]:
    """Return ``train.metrics`` or the defaults, and the monitored metric. ConfigError if one is invalid."""
    entries = list(task.get_default_metrics() if entries is None else entries)
    metrics = build_config_metrics(task, entries, "train", "metrics")
    keys = {"loss", *(metric.key for metric in metrics if metric.is_scalar)}
    if monitor in keys:
        return entries
    others = {name for name, cls in list_metrics_for(task).items() if cls.is_scalar}
    if monitor not in others:
        one_of = ", ".join(sorted(keys | others))
        raise ConfigError(
            f"train.monitor: expected one of {one_of}, got {monitor!r}{suggest_name(monitor, keys | others)}"
        )
    build_config_metrics(task, [monitor], "train", "monitor")
    return [*entries, monitor]


def build_config_metrics(task: Task, entries: Sequence[MetricEntry], *key: str) -> list[Metric]:
    """Build the metrics at a key of a config. ConfigError lists every problem."""
    try:
        return build_metrics(task, entries)
    except SpecError as error:
        raise error.to_config_error(*key) from error


def choose_headline(metrics: Sequence[Metric], monitor: str) -> Metric | None:
    """Return the metric for a verdict: the monitored one, or the most common one; None if there is none."""
    scalars = {metric.key: metric for metric in metrics if metric.is_scalar}
    return next((scalars[key] for key in (monitor, *HEADLINE_METRICS, *scalars) if key in scalars), None)


def score_predictions(metric: Metric, task: Task, y: Array, t: Array, weights: Array | None) -> float:
    """Return the score of predictions y for targets t, in the forms that the metric takes; it forgets earlier rows."""
    metric.reset(task.target.task, task.target.labels)
    metric.update(y, t, weights)
    return float(metric.compute())
