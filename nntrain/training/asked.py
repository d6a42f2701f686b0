"""The config that a run was asked for, and the changes that a second ``fit`` with ``--resume`` asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.config.problem import KeyPath
from nntrain.config.write import literal
from nntrain.errors import ConfigError, spell

__all__ = ["asked", "asked_again"]

# Sections of a decided config that no longer show what was asked for. Runs of older versions recorded nothing else.
DECIDED = ("model", "criterion")


def asked(config: Config) -> dict[str, Any]:
    """The keys that a config file and a command line set, without defaults, as JSON values."""
    return config.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def asked_again(
    before: Mapping[str, Any] | None, config: Config, given: Mapping[str, Any], tell: Callable[[str], object] = str
) -> list[Override]:
    """What ``config`` asks for and the run did not, for ``agreed`` to judge; ``before``: what the run was asked for.

    ``given``: the config file that the run was started with. ConfigError for a key of it that is no longer set;
    ``tell`` receives the keys that a command line set, and that the run keeps.
    """
    now = dict(leaves(asked(config), ()))
    if before is None:
        return [override(path, value) for path, value in now.items() if path[0] not in DECIDED]
    then = dict(leaves(before, ()))
    lost = [path for path in then if path not in now]
    in_file = dict(leaves(given, ()))
    if problems := [missing(path, then[path]) for path in lost if path in in_file]:
        raise ConfigError(*problems)
    if kept := [f"{spell(path)} = {literal(then[path])}" for path in lost]:
        tell(f"the run keeps {', '.join(kept)}, which this command does not set")
    return [override(path, value) for path, value in now.items() if path not in then or then[path] != value]


def leaves(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """The values below a table, each with its path; a list is one value."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif path and value != {}:
        yield path, value


def override(path: KeyPath, value: Any) -> Override:
    """A key that is set to a value, as a command line would."""
    return Override(f"--set {spell(path)}={literal(value)}", path, value)


def missing(path: KeyPath, value: Any) -> str:
    """What to do about a key of the config file that is set no longer."""
    key = spell(path)
    return (
        f"{key}: the config of the run sets {literal(value)}, got no value; set it again, or resume the run as it is: "
        "nntrain resume RUN"
    )
