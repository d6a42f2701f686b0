"""The parts of a config that only the registries can judge: modules, criterion, optimizer, schedule, and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from nntrain.config.problem import KeyPath, Problem
from nntrain.config.run_name import run_name


def _nothing(*_: object) -> list[Problem]:
    return []


def _registered_layer(spec: object, kind: Literal["module", "criterion"], incomplete: bool) -> list[Problem]:
    from nntrain.compute.allocation_budget import limit_memory
    from nntrain.data.streaming.memory_budget import get_free_memory

    # Loads the plugins: only when a config has something to check.
    from nntrain.nn.building.builder import find_problems

    with limit_memory(get_free_memory()):
        return find_problems(spec, kind, incomplete)


def _registered_optimizer(spec: object) -> list[Problem]:
    from nntrain.nn.building.factory import find_option_problems

    return find_option_problems(spec)


def _registered_schedule(spec: object) -> list[Problem]:
    from nntrain.nn.building.factory import find_option_problems

    return find_option_problems(spec, "schedule")


def _registered_metric(spec: object) -> list[Problem]:
    from nntrain.nn.building.factory import find_option_problems

    return find_option_problems(spec, "metric")


def _registered_logger(spec: object) -> list[Problem]:
    from nntrain.nn.building.factory import find_option_problems

    return find_option_problems(spec, "logger")


def _name(given: object) -> list[Problem]:
    try:
        run_name(given) if isinstance(given, str) and given else None
    except ValueError as error:
        return [((), str(error))]
    return []


@dataclass(frozen=True)
class SpecChecks:
    """Who knows what is registered. Each answers with every problem of a spec, by place in it."""

    layer: Callable[[object, Literal["module", "criterion"], bool], list[Problem]] = _registered_layer
    optimizer: Callable[[object], list[Problem]] = _registered_optimizer
    schedule: Callable[[object], list[Problem]] = _registered_schedule
    metric: Callable[[object], list[Problem]] = _registered_metric
    logger: Callable[[object], list[Problem]] = _registered_logger
    name: Callable[[object], list[Problem]] = _name

    def problems(self, tree: dict[str, Any]) -> Iterator[Problem]:
        """Every problem of the specs in a config that may be wrong in other ways too; those are not told here."""
        yield from _below(("name",), self.name(tree.get("name")))
        yield from self._of_modules(_table(tree, "model"))
        yield from self._of_transfer(_table(tree, "model"))
        yield from self._of_criterion(_table(tree, "criterion"))
        yield from self._of_optimizer(_table(tree, "optimizer"))
        yield from self._of_schedule(_table(tree, "schedule"))
        yield from _of_entries(_table(tree, "train"), "metrics", self.metric)
        yield from _of_entries(_table(tree, "train"), "loggers", self.logger)

    def _of_modules(self, model: dict[str, Any]) -> Iterator[Problem]:
        modules = model.get("modules")
        if isinstance(modules, list) and all(isinstance(spec, dict) for spec in modules):
            yield from _below(("model",), self.layer({"type": "Sequential", "modules": modules}, "module", True))

    def _of_transfer(self, model: dict[str, Any]) -> Iterator[Problem]:
        transfer = model.get("transfer")
        if transfer and isinstance(transfer, str):
            found = self.layer({"type": transfer}, "module", True)
            yield from ((("model", "transfer"), what) for _, what in found)

    def _of_criterion(self, criterion: dict[str, Any]) -> Iterator[Problem]:
        spec = {key: value for key, value in criterion.items() if key != "class_weights"}
        if spec.get("type") and isinstance(spec["type"], str):
            yield from _below(("criterion",), self.layer(spec, "criterion", False))

    def _of_optimizer(self, optimizer: dict[str, Any]) -> Iterator[Problem]:
        spec = {"type": "adam", **optimizer}
        if optimizer and spec["type"] and isinstance(spec["type"], str):
            yield from _below(("optimizer",), self.optimizer(spec))

    def _of_schedule(self, schedule: dict[str, Any]) -> Iterator[Problem]:
        if schedule.get("type") and isinstance(schedule["type"], str):
            yield from _below(("schedule",), self.schedule(schedule))


# For a config that was checked when its run was begun, perhaps where other plugins were installed.
UNCHECKED = SpecChecks(_nothing, _nothing, _nothing, _nothing, _nothing, _nothing)

# For that of a run with what is changed when it is resumed: its name no longer matters, and may be of an older version.
OF_A_RUN = SpecChecks(name=_nothing)


def _table(tree: dict[str, Any], section: str) -> dict[str, Any]:
    table = tree.get(section)
    return table if isinstance(table, dict) else {}


def _of_entries(train: dict[str, Any], key: str, check: Callable[[object], list[Problem]]) -> Iterator[Problem]:
    """The problems of a list of names, and of tables with a type."""
    entries = train.get(key)
    for index, spec in enumerate(entries if isinstance(entries, list | tuple) else ()):
        if isinstance(spec, str) or (isinstance(spec, dict) and isinstance(spec.get("type"), str)):
            yield from _below(("train", key, index), check(spec))


def _below(path: KeyPath, problems: list[Problem]) -> Iterator[Problem]:
    return (((*path, *inner), what) for inner, what in problems)
