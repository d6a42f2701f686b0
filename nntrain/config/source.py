"""The config that a command line means by a config file, or by a file of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from nntrain.config.config import Config
from nntrain.config.load import config_of, load_config
from nntrain.config.override import Override

# What an option of the command line may say.
Said: TypeAlias = str | int | Sequence[str]


def config_from(source: Path, chosen: Mapping[str, Said | None], overrides: Sequence[str | Override] = ()) -> Config:
    """The config of a TOML file, or of all defaults for a file of rows; ``chosen`` are keys of ``[data]``.

    What is chosen is None where the command line is silent. ConfigError tells all problems at once.
    """
    said = {name: value for name, value in chosen.items() if value is not None and value != ()}
    options = [Override.of_option(f"--{name}", value, "data", name) for name, value in said.items()]
    if source.suffix == ".toml":
        return load_config(source, [*overrides, *options])
    return config_of({"data": {"path": str(source)}}, [*overrides, *options])
