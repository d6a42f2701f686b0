"""The config that a run was asked for, and the changes that a second ``fit`` with ``--resume`` asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.config.positions import KeyPath
from nntrain.config.toml import format_toml_value
from nntrain.errors import ConfigError, format_path

__all__ = ["find_requested_changes", "get_requested_config"]

# Sections of a decided config that no longer show what was asked for. Runs of older versions recorded nothing else.
DECIDED_SECTIONS = ("model", "criterion")


def get_requested_config(config: Config) -> dict[str, Any]:
    """The keys that a config file and a command line set, without defaults, as JSON values."""
    return config.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def find_requested_changes(
    before: Mapping[str, Any] | None,
    config: Config,
    config_file: Mapping[str, Any],
    report: Callable[[str], object] = str,
) -> list[Override]:
    """What ``config`` asks for and the run did not, for ``apply_overrides`` to judge.

    ``before``: what the run was asked for.

    ``given``: the config file that the run was started with. ConfigError for a key of it that is no longer set;
    ``tell`` receives the keys that a command line set, and that the run keeps.
    """
    now = dict(iterate_leaves(get_requested_config(config), ()))
    if before is None:
        return [build_override(path, value) for path, value in now.items() if path[0] not in DECIDED_SECTIONS]
    then = dict(iterate_leaves(before, ()))
    lost = [path for path in then if path not in now]
    in_file = dict(iterate_leaves(config_file, ()))
    if problems := [format_missing_key(path, then[path]) for path in lost if path in in_file]:
        raise ConfigError(*problems)
    if kept := [f"{format_path(path)} = {format_toml_value(then[path])}" for path in lost]:
        report(f"the run keeps {', '.join(kept)}, which this command does not set")
    return [build_override(path, value) for path, value in now.items() if path not in then or then[path] != value]


def iterate_leaves(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """The values below a table, each with its path; a list is one value."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from iterate_leaves(item, (*path, key))
    elif path and value != {}:
        yield path, value


def build_override(path: KeyPath, value: Any) -> Override:
    """A key that is set to a value, as a command line would."""
    return Override(f"--set {format_path(path)}={format_toml_value(value)}", path, value)


def format_missing_key(path: KeyPath, value: Any) -> str:
    """What to do about a key of the config file that is set no longer."""
    key = format_path(path)
    return (
        f"{key}: the config of the run sets {format_toml_value(value)}, got no value; set it again, "
        "or resume the run as it is: nntrain resume RUN"
    )
