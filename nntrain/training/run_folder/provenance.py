"""The distribution of each class of a run, and the one to install if a class is missing."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from nntrain.checkpoint.layout import Tree
from nntrain.config.config import Config
from nntrain.config.train_config import SCHEDULE_KEYS
from nntrain.errors import ConfigError, NntrainError, PluginError
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import get_registry
from nntrain.specs.state_schema import validate_state
from nntrain.training.run_folder.run_folder import RunFolder

ComponentKind: TypeAlias = Literal["module", "criterion", "optimizer", "schedule", "metric", "logger"]
COMPONENT_KINDS: tuple[ComponentKind, ...] = get_args(ComponentKind)

# Names and versions of distributions, without characters that are special to a shell (PEP 508, PEP 440).
DISTRIBUTION_PATTERN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
VERSION_PATTERN = re.compile(r"[A-Za-z0-9.+_-]+")

# For each kind, the names with their distribution and version.
Provenance: TypeAlias = dict[str, dict[str, str]]


def get_provenance(kind: str, names: Iterable[str]) -> dict[str, str]:
    """Return the distribution and version of each registered name."""
    known = {get_config_name(kind, name): name for name in get_registry().names(kind)}
    found = {}
    for name in sorted(set(names)):
        if (registered := known.get(get_config_name(kind, name))) is not None:
            entry = get_registry().find(kind, registered)
            found[name] = f"{entry.distribution} {entry.version}"
    return found


def get_config_provenance(config: Config) -> Provenance:
    """Return the provenance of the components of a resolved config, except modules, which checkpoints record."""
    schedules = (config.schedule.type, *(getattr(config.train, key) for key in SCHEDULE_KEYS))
    used: dict[ComponentKind, Iterable[str]] = {
        "criterion": filter(None, [config.criterion.type]),
        "optimizer": [config.optimizer.type],
        "schedule": get_type_names(filter(None, schedules)),
        "metric": get_type_names(config.train.metrics or ()),
        "logger": get_type_names(config.train.loggers),
    }
    return {kind: get_provenance(kind, names) for kind, names in used.items()}


def get_type_names(entries: Iterable[str | Mapping[str, object]]) -> list[str]:
    """Return the names of config entries, which are names or tables with a type."""
    return [entry if isinstance(entry, str) else str(entry["type"]) for entry in entries]


def require_installed(kind: str, provenance: Mapping[str, str], where: str) -> None:
    """PluginError with the distribution to install, if a class is missing."""
    known = {get_config_name(kind, name) for name in get_registry().names(kind)}
    for name in sorted(provenance):
        if get_config_name(kind, name) not in known:
            distribution, _, version = provenance[name].partition(" ")
            word = "layer" if kind == "module" else kind
            # The text comes from a file: never suggest what pip would read as an option or a path.
            is_safe = DISTRIBUTION_PATTERN.fullmatch(distribution) and VERSION_PATTERN.fullmatch(version)
            advice = f': pip install "{distribution}=={version}"' if is_safe else ""
            raise PluginError(
                f"{where}: {word} {name!r} comes from {distribution} {version}, which is not installed{advice}"
            )


def find_version_changes(provenance: Provenance) -> list[str]:
    """Return a sentence for each plugin whose version differs from the recorded one; nntrain itself is excluded."""
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
    """Return the provenance of the modules, criterion and metrics of a checkpoint. CheckpointError if invalid."""
    others = validate_state({"origins": {}, **tree}, {"origins": dict[str, dict[str, str]]}, "network")["origins"]
    return {**others, "module": validate_state(tree["network"], {"origins": dict[str, str]}, "network")["origins"]}


def build_version_warnings(tree: Tree, where: str) -> list[str]:
    """Return a warning for every plugin whose version differs from the one that wrote a checkpoint."""
    return [f"{where}: {what}; its outputs may differ" for what in find_version_changes(read_provenance(tree))]


def find_missing_plugin(error: ConfigError, folder: RunFolder) -> NntrainError:
    """Return the error for a run's config that used to be valid: the missing plugin, if that is the cause."""
    known = folder.find_metadata()
    for kind, names in known.get("origins", {}).items():
        blamed = {name: origin for name, origin in names.items() if any(repr(name) in what for what in error.problems)}
        try:
            require_installed(kind, blamed, str(folder.path))
        except PluginError as missing:
            return missing
    return error


def get_config_name(kind: str, name: str) -> str:
    """Return the name in a config of a registered class."""
    return name if kind in ("module", "criterion") else name.lower()
