"""``nntrain init``: print a complete config for a data file."""

from __future__ import annotations

from pathlib import Path

import click

from nntrain.cli.message_level import MessageLevel, print_message
from nntrain.cli.options import add_source_options
from nntrain.cli.terminal import print_data


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
    """Print a config with every key and its description, and the values that are chosen from DATA.

    \b
    nntrain init customers.csv --target churned > config.toml
    nntrain fit config.toml

    Problems of the data are printed to stderr. A comment after data.ignore suggests columns to exclude.
    """
    from nntrain.config.load import resolve_config
    from nntrain.training.building.config_template import build_config_template

    text, found = build_config_template(
        resolve_config(
            source, {"target": target, "positive": positive, "inputs": inputs, "targets": targets}, overrides
        )
    )
    print_data(text, end="")
    suspects = [f"column {fact.name!r} is excluded: {fact.warning}" for fact in found.columns if fact.id]
    for line in [*suspects, *found.problems]:
        print_message(MessageLevel.WARNING, line)
