"""The metrics of a task, as a config or a command line names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from nntrain.errors import ArgumentError, ConfigError, SpecError, format_path, suggest_name
from nntrain.nn.building.factory import build, list_classes
from nntrain.nn.building.spec_validation import SpecProblem
from nntrain.training.metrics.metric import Metric
from nntrain.training.tasks.task import Task

__all__ = ["MetricEntry", "build_metrics", "choose_metrics", "list_metrics_for"]

# A name, or {"type": name, option: value}.
MetricEntry: TypeAlias = str | dict[str, Any]


def build_metrics(task: Task, entries: Sequence[MetricEntry]) -> list[Metric]:
    """Metrics that have begun. SpecError tells every problem, each at the index of its entry."""
    problems: list[SpecProblem] = []
    metrics: dict[str, Metric] = {}
    for index, entry in enumerate(entries):
        try:
            metric = build_metric(task, entry)
            if metric.key in ("loss", *metrics):
                raise SpecError([((), f"{metric.key!r} is scored already; name it once")])
            metrics[metric.key] = metric
        except SpecError as error:
            problems += [((index, *place), what) for place, what in error.problems]
    if problems:
        raise SpecError(problems)
    return list(metrics.values())


def build_metric(task: Task, entry: MetricEntry) -> Metric:
    """One metric. SpecError if it is not for the task."""
    metric: Metric = build(entry, "metric")
    metric.positive = task.positive
    kind = task.target.task
    if kind not in metric.tasks:
        fit = ", ".join(list_metrics_for(task))
        raise SpecError([((), f"{metric.name!r} is for {' and '.join(metric.tasks)}; for {kind} there are: {fit}")])
    try:
        metric.reset(kind, task.target.labels)
    except ArgumentError as error:
        raise SpecError([((), str(error))]) from error
    return metric


def list_metrics_for(task: Task) -> dict[str, type[Metric]]:
    """The registered metrics that are for a task."""
    return {name: cls for name, cls in list_classes("metric").items() if task.target.task in cls.tasks}


def choose_metrics(task: Task, entries: Sequence[MetricEntry] | None, monitor: str) -> list[MetricEntry]:
    """The entries of ``train.metrics``, or the usual ones, and what is monitored. ConfigError if one is wrong."""
    entries = list(task.get_default_metrics() if entries is None else entries)
    keys = {
        "loss",
        *(metric.key for metric in build_config_metrics(task, entries, "train", "metrics") if metric.is_scalar),
    }
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
    """The metrics that stand at a key of a config. ConfigError tells every problem."""
    try:
        return build_metrics(task, entries)
    except SpecError as error:
        raise ConfigError(*(f"{format_path((*key, *place))}: {what}" for place, what in error.problems)) from error
