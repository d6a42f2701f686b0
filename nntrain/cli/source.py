"""What the commands that take a config or a file of rows have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["one_or_all", "source_options"]

Command = Callable[..., Any]


def one_or_all(context: click.Context, option: click.Parameter, names: tuple[str, ...]) -> str | tuple[str, ...] | None:
    """What a repeated option says: nothing, one name, or several."""
    return names if len(names) > 1 else next(iter(names), None)


OPTIONS = (
    click.argument("source", type=click.Path(path_type=Path), metavar="CONFIG.toml|DATA"),
    click.option(
        "--target",
        multiple=True,
        callback=one_or_all,
        help="The column to predict; several: --target a --target b.",
    ),
    click.option("--positive", metavar="VALUE", help="The positive class of two, e.g. --positive yes."),
    click.option("--inputs", help="The HDF5 dataset of inputs, such as /images."),
    click.option("--targets", help="The HDF5 dataset of targets."),
    click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key: --set train.epochs=20."),
)


def source_options(command: Command) -> Command:
    """Give a command ``source``, ``target``, ``positive``, ``inputs``, ``targets`` and ``overrides``."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
