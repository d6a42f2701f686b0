"""``nntrain init``: print a complete config for a data file."""

from pathlib import Path
from typing import Any

import click

from nntrain.cli.messages import print_note, print_warning
from nntrain.cli.options import add_source_options
from nntrain.cli.terminal import print_data


@click.command()
@add_source_options
def init(source: Path, data_options: dict[str, Any], overrides: tuple[str, ...]) -> None:
    """Print a config with every key and its description, and the values that are chosen from DATA.

    \b
    nntrain init customers.csv --target churned > config.toml
    nntrain fit config.toml

    Problems of the data are printed to stderr. A comment after data.ignore suggests columns to exclude.
    """
    from nntrain.config.load import load_config_or_defaults
    from nntrain.training.building.config_template import build_config_template

    text, found = build_config_template(load_config_or_defaults(source, data_options, overrides))
    print_data(text, end="")
    for fact in (fact for fact in found.columns if fact.id):
        print_note(f"column {fact.name!r} is excluded: {fact.warning}", err=True)
    for line in found.problems:
        print_warning(line)
