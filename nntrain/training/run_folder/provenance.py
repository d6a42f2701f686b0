"""Which distribution each class of a run came from, and what to install where one is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from nntrain.checkpoint.layout import Tree
from nntrain.config.config import Config
from nntrain.errors import ConfigError, NntrainError, PluginError
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import get_registry
from nntrain.specs.state_schema import validate_state
from nntrain.training.run_folder.run_folder import RunFolder

__all__ = [
    "COMPONENT_KINDS",
    "Provenance",
    "build_version_warnings",
    "find_missing_plugin",
    "find_version_changes",
    "get_config_provenance",
    "get_provenance",
    "get_type_names",
    "read_provenance",
    "require_installed",
]

ComponentKind: TypeAlias = Literal["module", "criterion", "optimizer", "schedule", "metric", "logger"]
COMPONENT_KINDS: tuple[ComponentKind, ...] = get_args(ComponentKind)

# The names of distributions and their versions, without characters that mean something to a shell (PEP 508, PEP 440).
DISTRIBUTION_PATTERN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
VERSION_PATTERN = re.compile(r"[A-Za-z0-9.+_-]+")

# Of each kind the names, each with its distribution and version.
Provenance: TypeAlias = dict[str, dict[str, str]]


def get_provenance(kind: str, names: Iterable[str]) -> dict[str, str]:
    """Which distribution and version each name came from, where it is registered."""
    known = {get_config_name(kind, name): name for name in get_registry().names(kind)}
    there = sorted(name for name in set(names) if get_config_name(kind, name) in known)
    found = {name: get_registry().find(kind, known[get_config_name(kind, name)]) for name in there}
    return {name: f"{entry.distribution} {entry.version}" for name, entry in found.items()}


def get_config_provenance(config: Config) -> Provenance:
    """Those of all parts that a decided config names, but for its modules, which a checkpoint remembers."""
    used: dict[ComponentKind, Iterable[str]] = {
        "criterion": filter(None, [config.criterion.type]),
        "optimizer": [config.optimizer.type],
        "schedule": filter(None, [config.schedule.type]),
        "metric": get_type_names(config.train.metrics or ()),
        "logger": get_type_names(config.train.loggers),
    }
    return {kind: get_provenance(kind, names) for kind, names in used.items()}


def get_type_names(entries: Iterable[str | Mapping[str, object]]) -> list[str]:
    """The names of entries as a config has them: names, or tables with a type."""
    return [entry if isinstance(entry, str) else str(entry["type"]) for entry in entries]


def require_installed(kind: str, provenance: Mapping[str, str], where: str) -> None:
    """PluginError that names what to install, if a class is not here."""
    known = {get_config_name(kind, name) for name in get_registry().names(kind)}
    for name in sorted(provenance):
        if get_config_name(kind, name) not in known:
            distribution, _, version = provenance[name].partition(" ")
            word = "layer" if kind == "module" else kind
            # A file names it: what pip would read as an option or a path is no advice.
            known_form = DISTRIBUTION_PATTERN.fullmatch(distribution) and VERSION_PATTERN.fullmatch(version)
            advice = f': pip install "{distribution}=={version}"' if known_form else ""
            raise PluginError(
                f"{where}: {word} {name!r} comes from {distribution} {version}, which is not installed{advice}"
            )


def find_version_changes(provenance: Provenance) -> list[str]:
    """The plugins whose version is another than the recorded one, a sentence each; nntrain itself is not a plugin."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, names in provenance.items():
        now = get_provenance(kind, names)
        for name, origin in names.items():
            if name in now and now[name] != origin and not origin.startswith(f"{PROJECT} "):
                found.setdefault((origin, now[name]), []).append(name)
    return [
        f"{', '.join(names)} came from {origin} when the run started, and from {now} today"
        for (origin, now), names in found.items()
    ]


def read_provenance(tree: Tree) -> Provenance:
    """Those of the modules, the criterion and the metrics of a checkpoint. CheckpointError for anything but texts."""
    others = validate_state({"origins": {}, **tree}, {"origins": dict[str, dict[str, str]]}, "network")["origins"]
    return {**others, "module": validate_state(tree["network"], {"origins": dict[str, str]}, "network")["origins"]}


def build_version_warnings(tree: Tree, where: str) -> list[str]:
    """A warning for every plugin whose version is another than the one that a checkpoint was written with."""
    return [f"{where}: {what}; its outputs may differ" for what in find_version_changes(read_provenance(tree))]


def find_missing_plugin(error: ConfigError, folder: RunFolder) -> NntrainError:
    """What to raise for a run's config that could be used once: the plugin that it misses, if that is what is wrong."""
    known = folder.read_metadata() if folder.metadata.is_file() else {}
    for kind, names in known.get("origins", {}).items():
        told = {name: origin for name, origin in names.items() if any(repr(name) in what for what in error.problems)}
        try:
            require_installed(kind, told, str(folder.path))
        except PluginError as missing:
            return missing
    return error


def get_config_name(kind: str, name: str) -> str:
    """How a config calls what is registered under a name."""
    return name if kind in ("module", "criterion") else name.lower()
