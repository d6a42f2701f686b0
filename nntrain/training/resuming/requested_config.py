"""The requested config of a run, and the changes that a second ``fit`` with ``--resume`` requests."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.config.positions import KeyPath
from nntrain.config.toml import format_toml_value
from nntrain.errors import ConfigError, format_path

# Sections in which the resolved config hides the requested keys. Runs of older versions record only the former.
DECIDED_SECTIONS = ("model", "criterion")


def get_requested_config(config: Config) -> dict[str, Any]:
    """Return the keys that the config file and the command line set, without defaults, as JSON values."""
    return config.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def find_requested_changes(
    before: Mapping[str, Any] | None,
    config: Config,
    config_file: Mapping[str, Any],
    report: Callable[[str], object] = str,
) -> list[Override]:
    """Return the changes from the requested config of a run to ``config``, for ``apply_overrides`` to check.

    ``before``: the requested config of the run. ``config_file``: the config file with which it was started;
    ConfigError for a key of it that is no longer set. ``report`` receives a note on the keys of the old command line
    that the run keeps.
    """
    now = dict(iterate_leaves(get_requested_config(config), ()))
    if before is None:
        return [build_override(path, value) for path, value in now.items() if path[0] not in DECIDED_SECTIONS]
    then = dict(iterate_leaves(before, ()))
    lost = [path for path in then if path not in now]
    in_file = dict(iterate_leaves(config_file, ()))
    problems = [
        f"{format_path(path)}: expected {format_toml_value(then[path])} as in the config of the run, got no value; "
        "set it again, or resume the unchanged run: nntrain resume RUN"
        for path in lost
        if path in in_file
    ]
    if problems:
        raise ConfigError(*problems)
    if kept := [f"{format_path(path)} = {format_toml_value(then[path])}" for path in lost]:
        report(f"the run keeps {', '.join(kept)}, which this command does not set")
    return [build_override(path, value) for path, value in now.items() if path not in then or then[path] != value]


def iterate_leaves(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Yield the values below a table, each with its path; a list is one value."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from iterate_leaves(item, (*path, key))
    elif path and value != {}:
        yield path, value


def build_override(path: KeyPath, value: Any) -> Override:
    """Return the override that sets a key to a value."""
    return Override(f"--set {format_path(path)}={format_toml_value(value)}", path, value)
