"""Which distribution each class of a run came from, and what to install where one is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from nntrain.checkpoint.layout import Tree
from nntrain.config.config import Config
from nntrain.errors import ConfigError, NntrainError, PluginError
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import registry
from nntrain.specs.state_schema import validate_state
from nntrain.training.run_folder import RunFolder

__all__ = [
    "KINDS",
    "Origins",
    "blame_missing",
    "names_of",
    "newer_versions",
    "origins_in",
    "origins_of",
    "origins_within",
    "require",
    "version_warnings",
]

Kind: TypeAlias = Literal["module", "criterion", "optimizer", "schedule", "metric", "logger"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# The names of distributions and their versions, without characters that mean something to a shell (PEP 508, PEP 440).
DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
VERSION = re.compile(r"[A-Za-z0-9.+_-]+")

# Of each kind the names, each with its distribution and version.
Origins: TypeAlias = dict[str, dict[str, str]]


def origins_of(kind: str, names: Iterable[str]) -> dict[str, str]:
    """Which distribution and version each name came from, where it is registered."""
    known = {called(kind, name): name for name in registry().names(kind)}
    there = sorted(name for name in set(names) if called(kind, name) in known)
    found = {name: registry().find(kind, known[called(kind, name)]) for name in there}
    return {name: f"{entry.distribution} {entry.version}" for name, entry in found.items()}


def origins_in(config: Config) -> Origins:
    """Those of all parts that a decided config names, but for its modules, which a checkpoint remembers."""
    used: dict[Kind, Iterable[str]] = {
        "criterion": filter(None, [config.criterion.type]),
        "optimizer": [config.optimizer.type],
        "schedule": filter(None, [config.schedule.type]),
        "metric": names_of(config.train.metrics or ()),
        "logger": names_of(config.train.loggers),
    }
    return {kind: origins_of(kind, names) for kind, names in used.items()}


def names_of(entries: Iterable[str | Mapping[str, object]]) -> list[str]:
    """The names of entries as a config has them: names, or tables with a type."""
    return [entry if isinstance(entry, str) else str(entry["type"]) for entry in entries]


def require(kind: str, origins: Mapping[str, str], where: str) -> None:
    """PluginError that names what to install, if a class is not here."""
    known = {called(kind, name) for name in registry().names(kind)}
    for name in sorted(origins):
        if called(kind, name) not in known:
            distribution, _, version = origins[name].partition(" ")
            word = "layer" if kind == "module" else kind
            # A file names it: what pip would read as an option or a path is no advice.
            known_form = DISTRIBUTION.fullmatch(distribution) and VERSION.fullmatch(version)
            advice = f': pip install "{distribution}=={version}"' if known_form else ""
            raise PluginError(
                f"{where}: {word} {name!r} comes from {distribution} {version}, which is not installed{advice}"
            )


def newer_versions(origins: Origins) -> list[str]:
    """The plugins whose version is another than the recorded one, a sentence each; nntrain itself is not a plugin."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, names in origins.items():
        now = origins_of(kind, names)
        for name, origin in names.items():
            if name in now and now[name] != origin and not origin.startswith(f"{PROJECT} "):
                found.setdefault((origin, now[name]), []).append(name)
    return [
        f"{', '.join(names)} came from {origin} when the run started, and from {now} today"
        for (origin, now), names in found.items()
    ]


def origins_within(tree: Tree) -> Origins:
    """Those of the modules, the criterion and the metrics of a checkpoint. CheckpointError for anything but texts."""
    others = validate_state({"origins": {}, **tree}, {"origins": dict[str, dict[str, str]]}, "network")["origins"]
    return {**others, "module": validate_state(tree["network"], {"origins": dict[str, str]}, "network")["origins"]}


def version_warnings(tree: Tree, where: str) -> list[str]:
    """A warning for every plugin whose version is another than the one that a checkpoint was written with."""
    return [f"{where}: {what}; its outputs may differ" for what in newer_versions(origins_within(tree))]


def blame_missing(error: ConfigError, folder: RunFolder) -> NntrainError:
    """What to raise for a run's config that could be used once: the plugin that it misses, if that is what is wrong."""
    known = folder.read_about() if folder.about.is_file() else {}
    for kind, names in known.get("origins", {}).items():
        told = {name: origin for name, origin in names.items() if any(repr(name) in what for what in error.problems)}
        try:
            require(kind, told, str(folder.path))
        except PluginError as missing:
            return missing
    return error


def called(kind: str, name: str) -> str:
    """How a config calls what is registered under a name."""
    return name if kind in ("module", "criterion") else name.lower()
