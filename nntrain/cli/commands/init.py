"""``nntrain init``: a complete config for a file of rows."""

from __future__ import annotations

from pathlib import Path

import click

from nntrain.cli.message_level import MessageLevel, print_message
from nntrain.cli.options import add_source_options
from nntrain.cli.terminal import print_data

__all__ = ["init"]


@click.command()
@add_source_options
def init(
    source: Path,
    target: str | tuple[str, ...] | None,
    positive: str | None,
    inputs: str | None,
    targets: str | None,
    overrides: tuple[str, ...],
) -> None:
    """Print a config with every key, each explained, and with what the rows of DATA decide filled in.

    \b
    nntrain init customers.csv --target churned > config.toml
    nntrain fit config.toml

    What is wrong with the data is told on stderr, and columns to leave out are suggested beside data.ignore.
    """
    from nntrain.config.load import resolve_config
    from nntrain.training.building.config_template import build_config_template

    text, found = build_config_template(
        resolve_config(
            source, {"target": target, "positive": positive, "inputs": inputs, "targets": targets}, overrides
        )
    )
    print_data(text, end="")
    suspects = [f"column {fact.name!r} is left out: {fact.warning}" for fact in found.columns if fact.id]
    for line in [*suspects, *found.problems]:
        print_message(MessageLevel.WARNING, line)
