"""Options of the commands that use networks."""

from __future__ import annotations

import click

__all__ = ["input_size_option", "long_size_option", "threshold_option"]


def sizes(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """1x28x28 as (1, 28, 28). BadParameter if it is no sizes."""
    if value is None:
        return None
    parts = value.lower().replace("×", "x").split("x")
    if not all(part.isdecimal() and int(part) for part in parts):
        raise click.BadParameter(f"expected sizes such as 1x28x28, got {value!r}")
    return tuple(map(int, parts))


input_size_option = click.option(
    "--input-size", callback=sizes, help="The sizes of a row of inputs, such as 1x28x28, where the network tells none."
)
long_size_option = click.option(
    "--long-size",
    type=click.Choice(["4", "8"]),
    callback=lambda context, option, value: None if value is None else int(value),
    help="The bytes of a long in a .t7 file, where it is told wrongly.",
)
threshold_option = click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Probability above which the positive class, or a label, is predicted.",
)
