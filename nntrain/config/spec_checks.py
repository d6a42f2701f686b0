"""Checks of config values against the registries: modules, criterion, optimizer, schedule, metrics, loggers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from nntrain.config.positions import ConfigProblem, KeyPath
from nntrain.config.run_name import find_name_problem, shorten_name
from nntrain.config.train_config import SCHEDULE_KEYS, is_entry
from nntrain.errors import SpecError, suggest_name

if TYPE_CHECKING:
    from nntrain.nn.building.factory import RegisteredKind


def check_layer(spec: object, kind: Literal["module", "criterion"], incomplete: bool) -> list[ConfigProblem]:
    """The problems of the spec of a layer or a criterion."""
    from nntrain.compute.allocation_budget import limit_memory
    from nntrain.data.streaming.memory_budget import get_free_memory

    # Imported here because it loads the plugins.
    from nntrain.nn.building.builder import find_problems

    with limit_memory(get_free_memory()):
        return find_problems(spec, kind, incomplete)


def check_monitor(monitor: str, entries: Sequence[Any]) -> Iterator[ConfigProblem]:
    """The problem of a monitored score."""
    from nntrain.nn.building.factory import build_registered, list_classes

    try:
        keys = {metric.key for metric in (build_registered(entry, "metric") for entry in entries) if metric.is_scalar}
    except SpecError:
        return  # a problem of train.metrics
    known = {"loss", *keys, *(name for name, cls in list_classes("metric").items() if cls.is_scalar)}
    if monitor not in known:
        hint = suggest_name(monitor, known)
        yield ("train", "monitor"), f"expected loss or a metric that is a single number, got {monitor!r}{hint}"


@dataclass(frozen=True)
class SpecChecks:
    """Which values to check: the ``name``, and the ``specs`` of registered classes.

    ``recorded``: the config is that of an existing run, so old keys are translated.
    """

    name: bool = True
    specs: bool = True
    recorded: bool = False

    def find_problems(self, tree: dict[str, Any]) -> Iterator[ConfigProblem]:
        """Every problem of the specs in a config. Its other problems are not reported here."""
        if self.name:
            name = tree.get("name")
            if isinstance(name, str) and name and (wrong := find_name_problem(name)):
                yield ("name",), f"expected a valid folder name, got {shorten_name(name)}, which {wrong}"
        if self.specs:
            yield from check_specs({name: table for name, table in tree.items() if isinstance(table, dict)})


# For the config of an existing run: it was checked when the run started, perhaps with other plugins.
NO_CHECKS = SpecChecks(name=False, specs=False, recorded=True)

# For the config of a run that is resumed with changes: its name is not used and may be that of an older version.
EXCEPT_NAME = SpecChecks(name=False, recorded=True)


def check_specs(tables: dict[str, dict[str, Any]]) -> Iterator[ConfigProblem]:
    """The problems of all specs in the sections."""
    from nntrain.nn.building.factory import find_option_problems

    for path, spec, kind in iterate_layers(tables.get("model", {}), tables.get("criterion", {})):
        found = check_layer(spec, kind, kind == "module")
        # The spec of an activation has no other keys.
        yield from ((path, what) for _, what in found) if len(path) > 1 else prefix_paths(path, found)
    for path, spec, other in iterate_options(tables):
        yield from prefix_paths(path, find_option_problems(spec, other))
    monitor = tables.get("train", {}).get("monitor")
    if isinstance(monitor, str) and monitor not in ("", "loss"):
        yield from check_monitor(monitor, get_list(tables, "metrics"))


def iterate_layers(
    model: dict[str, Any], criterion: dict[str, Any]
) -> Iterator[tuple[KeyPath, dict[str, Any], Literal["module", "criterion"]]]:
    """The path, the spec and the kind of the modules, the activation and the criterion."""
    modules = model.get("modules")
    if isinstance(modules, list) and all(isinstance(spec, dict) for spec in modules):
        yield ("model",), {"type": "Sequential", "modules": modules}, "module"
    if has_type(activation := {"type": model.get("activation")}):
        yield ("model", "activation"), activation, "module"
    if has_type(criterion):
        yield ("criterion",), {key: value for key, value in criterion.items() if key != "class_weights"}, "criterion"


def iterate_options(tables: dict[str, Any]) -> Iterator[tuple[KeyPath, Any, RegisteredKind]]:
    """The path, the spec and the kind of the optimizer, the schedule, the metrics and the loggers."""
    optimizer = tables.get("optimizer")
    if optimizer and has_type(spec := {"type": "adam", **optimizer}):
        yield ("optimizer",), spec, "optimizer"
    if has_type(schedule := tables.get("schedule", {})):
        yield ("schedule",), schedule, "schedule"
    for key in SCHEDULE_KEYS:
        if is_entry(entry := tables.get("train", {}).get(key)):
            yield ("train", key), entry, "schedule"
    kinds: tuple[RegisteredKind, ...] = ("metric", "logger")
    for kind in kinds:
        for index, entry in enumerate(get_list(tables, f"{kind}s")):
            if is_entry(entry):
                yield ("train", f"{kind}s", index), entry, kind


def has_type(spec: dict[str, Any]) -> bool:
    """Whether a spec has a type to look up."""
    return isinstance(spec.get("type"), str) and spec["type"] != ""


def get_list(tables: dict[str, Any], key: str) -> Sequence[Any]:
    """A list of ``[train]``; empty if it has another type."""
    entries = tables.get("train", {}).get(key)
    return entries if isinstance(entries, list | tuple) else ()


def prefix_paths(path: KeyPath, problems: list[ConfigProblem]) -> Iterator[ConfigProblem]:
    """The problems with ``path`` before their paths."""
    return (((*path, *inner), problem) for inner, problem in problems)
