"""The config that a command line means by a config file, or by a file of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nntrain.config.config import Config
from nntrain.config.load import config_of, load_config
from nntrain.config.write import literal


def config_from(source: Path, chosen: Mapping[str, object], overrides: Sequence[str] = ()) -> Config:
    """The config of a TOML file, or of all defaults for a file of rows; ``chosen`` are keys of ``[data]``.

    What is chosen is None where the command line is silent. ConfigError tells all problems at once.
    """
    said = {name: value for name, value in chosen.items() if value is not None and value != ()}
    if source.suffix == ".toml":
        return load_config(source, [*overrides, *(f"data.{name}={literal(value)}" for name, value in said.items())])
    return config_of({"data": {"path": str(source), **said}}, overrides)
