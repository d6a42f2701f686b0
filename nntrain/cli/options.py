"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def parse_sizes(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """Parse 1x28x28 as (1, 28, 28). BadParameter if it is not a shape."""
    if value is None:
        return None
    parts = value.lower().replace("×", "x").split("x")
    if not all(part.isdecimal() and int(part) for part in parts):
        raise click.BadParameter(f"expected a shape, e.g. 1x28x28, got {value!r}")
    return tuple(map(int, parts))


def parse_memory(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Parse a memory size. BadParameter if it is not one."""
    from nntrain.data.memory_size import parse_memory_size

    try:
        return None if value is None else parse_memory_size(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


input_size_option = click.option(
    "--input-size",
    callback=parse_sizes,
    help="Shape of one input row, e.g. 1x28x28, if the network does not define it.",
)
long_size_option = click.option(
    "--long-size",
    type=click.Choice(["4", "8"]),
    callback=lambda context, option, value: None if value is None else int(value),
    help="Size of a C long in the .t7 file, if detection gets it wrong.",
)
memory_option = click.option(
    "--memory",
    callback=parse_memory,
    help="Memory limit, e.g. 512MB, at least 300MB; larger files are read in chunks.  [default: the run's]",
)
threshold_option = click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Probability above which the positive class, or a label, is predicted.",
)


Command = Callable[..., Any]


def unpack_repeated(
    context: click.Context, option: click.Parameter, names: tuple[str, ...]
) -> str | tuple[str, ...] | None:
    """The value of a repeatable option: None, one name, or several."""
    return names if len(names) > 1 else next(iter(names), None)


SOURCE_OPTIONS = (
    click.argument("source", type=click.Path(path_type=Path), metavar="CONFIG.toml|DATA"),
    click.option(
        "--target",
        multiple=True,
        callback=unpack_repeated,
        help="Column to predict; several: --target a --target b.",
    ),
    click.option("--positive", metavar="VALUE", help="Positive class of two, e.g. --positive yes."),
    click.option("--inputs", help="HDF5 dataset of the inputs, e.g. /images."),
    click.option("--targets", help="HDF5 dataset of the targets."),
    click.option(
        "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Set a config key, e.g. --set train.epochs=20."
    ),
)


def add_source_options(command: Command) -> Command:
    """Add ``source``, ``target``, ``positive``, ``inputs``, ``targets`` and ``overrides`` to a command."""
    for option in reversed(SOURCE_OPTIONS):
        command = option(command)
    return command
