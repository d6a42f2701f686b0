"""Checks of config values against the registries: modules, criterion, optimizer, schedule, metrics, loggers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nntrain.config.positions import ConfigProblem, KeyPath
from nntrain.config.run_name import validate_run_name
from nntrain.errors import SpecError, suggest_name


def _skip(*_: object) -> list[ConfigProblem]:
    return []


def _check_layer(spec: object, kind: Literal["module", "criterion"], incomplete: bool) -> list[ConfigProblem]:
    from nntrain.compute.allocation_budget import limit_memory
    from nntrain.data.streaming.memory_budget import get_free_memory

    # Imported here because it loads the plugins.
    from nntrain.nn.building.builder import find_problems

    with limit_memory(get_free_memory()):
        return find_problems(spec, kind, incomplete)


def _check_optimizer(spec: object) -> list[ConfigProblem]:
    from nntrain.nn.building.factory import find_option_problems

    return find_option_problems(spec)


def _check_schedule(spec: object) -> list[ConfigProblem]:
    from nntrain.nn.building.factory import find_option_problems

    return find_option_problems(spec, "schedule")


def _check_metric(spec: object) -> list[ConfigProblem]:
    from nntrain.nn.building.factory import find_option_problems

    return find_option_problems(spec, "metric")


def _check_logger(spec: object) -> list[ConfigProblem]:
    from nntrain.nn.building.factory import find_option_problems

    return find_option_problems(spec, "logger")


def _check_monitor(monitor: str, entries: Sequence[Any]) -> list[ConfigProblem]:
    from nntrain.nn.building.factory import build, list_classes

    try:
        keys = {metric.key for metric in (build(entry, "metric") for entry in entries) if metric.is_scalar}
    except SpecError:
        return []  # a problem of train.metrics
    known = {"loss", *keys, *(name for name, cls in list_classes("metric").items() if cls.is_scalar)}
    if monitor in known:
        return []
    return [((), f"expected loss or a metric that is a single number, got {monitor!r}{suggest_name(monitor, known)}")]


def _check_name(given: object) -> list[ConfigProblem]:
    try:
        validate_run_name(given) if isinstance(given, str) and given else None
    except ValueError as error:
        return [((), str(error))]
    return []


@dataclass(frozen=True)
class SpecChecks:
    """One check for each kind of registered class; each returns the problems of a spec, by path.

    ``recorded``: the config is that of an existing run, so old keys are translated.
    """

    layer: Callable[[object, Literal["module", "criterion"], bool], list[ConfigProblem]] = _check_layer
    optimizer: Callable[[object], list[ConfigProblem]] = _check_optimizer
    schedule: Callable[[object], list[ConfigProblem]] = _check_schedule
    metric: Callable[[object], list[ConfigProblem]] = _check_metric
    logger: Callable[[object], list[ConfigProblem]] = _check_logger
    monitor: Callable[[str, Sequence[Any]], list[ConfigProblem]] = _check_monitor
    name: Callable[[object], list[ConfigProblem]] = _check_name
    recorded: bool = False

    def find_problems(self, tree: dict[str, Any]) -> Iterator[ConfigProblem]:
        """Every problem of the specs in a config. Its other problems are not reported here."""
        yield from _prefix_paths(("name",), self.name(tree.get("name")))
        yield from self._check_modules(_get_table(tree, "model"))
        yield from self._check_activation(_get_table(tree, "model"))
        yield from self._check_criterion(_get_table(tree, "criterion"))
        yield from self._check_optimizer(_get_table(tree, "optimizer"))
        yield from self._check_schedule(_get_table(tree, "schedule"))
        yield from _check_entries(_get_table(tree, "train"), "metrics", self.metric)
        yield from _check_entries(_get_table(tree, "train"), "loggers", self.logger)
        yield from self._check_monitor(_get_table(tree, "train"))

    def _check_modules(self, model: dict[str, Any]) -> Iterator[ConfigProblem]:
        modules = model.get("modules")
        if isinstance(modules, list) and all(isinstance(spec, dict) for spec in modules):
            yield from _prefix_paths(("model",), self.layer({"type": "Sequential", "modules": modules}, "module", True))

    def _check_activation(self, model: dict[str, Any]) -> Iterator[ConfigProblem]:
        activation = model.get("activation")
        if activation and isinstance(activation, str):
            found = self.layer({"type": activation}, "module", True)
            yield from ((("model", "activation"), problem) for _, problem in found)

    def _check_criterion(self, criterion: dict[str, Any]) -> Iterator[ConfigProblem]:
        spec = {key: value for key, value in criterion.items() if key != "class_weights"}
        if spec.get("type") and isinstance(spec["type"], str):
            yield from _prefix_paths(("criterion",), self.layer(spec, "criterion", False))

    def _check_optimizer(self, optimizer: dict[str, Any]) -> Iterator[ConfigProblem]:
        spec = {"type": "adam", **optimizer}
        if optimizer and spec["type"] and isinstance(spec["type"], str):
            yield from _prefix_paths(("optimizer",), self.optimizer(spec))

    def _check_schedule(self, schedule: dict[str, Any]) -> Iterator[ConfigProblem]:
        if schedule.get("type") and isinstance(schedule["type"], str):
            yield from _prefix_paths(("schedule",), self.schedule(schedule))

    def _check_monitor(self, train: dict[str, Any]) -> Iterator[ConfigProblem]:
        monitor, entries = train.get("monitor"), train.get("metrics")
        if isinstance(monitor, str) and monitor not in ("", "loss"):
            listed = entries if isinstance(entries, list | tuple) else ()
            yield from _prefix_paths(("train", "monitor"), self.monitor(monitor, listed))


# For the config of an existing run: it was checked when the run started, perhaps with other plugins.
NO_CHECKS = SpecChecks(_skip, _skip, _skip, _skip, _skip, _skip, _skip, recorded=True)

# For the config of a run that is resumed with changes: its name is not used and may be that of an older version.
EXCEPT_NAME = SpecChecks(name=_skip, recorded=True)


def _get_table(tree: dict[str, Any], section: str) -> dict[str, Any]:
    table = tree.get(section)
    return table if isinstance(table, dict) else {}


def _check_entries(
    train: dict[str, Any], key: str, check: Callable[[object], list[ConfigProblem]]
) -> Iterator[ConfigProblem]:
    """The problems of a list of names, and of TOML tables with a type."""
    entries = train.get(key)
    for index, spec in enumerate(entries if isinstance(entries, list | tuple) else ()):
        if isinstance(spec, str) or (isinstance(spec, dict) and isinstance(spec.get("type"), str)):
            yield from _prefix_paths(("train", key, index), check(spec))


def _prefix_paths(path: KeyPath, problems: list[ConfigProblem]) -> Iterator[ConfigProblem]:
    return (((*path, *inner), problem) for inner, problem in problems)
