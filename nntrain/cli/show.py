"""``nntrain show``: what is in a run or a checkpoint."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["show"]


@click.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="RUN|FILE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(path: Path, as_json: bool) -> None:
    """Show the network, its parameters and its scores. The data are not needed.

    \b
    nntrain show runs/iris
    """
    from nntrain.cli.report import columns, scores_table
    from nntrain.training.open import file_of
    from nntrain.training.summary import summary

    told = summary(file_of(path))
    if as_json:
        click.echo(json.dumps(told.tree()))
        return
    click.echo(f"{told.path}, written by nntrain {told.version}\n\n{told.network}\n")
    click.echo(columns([["parameter", "shape", "values"], *told.parameters]))
    click.echo(f"{told.count:,} parameters; criterion {told.criterion}; predicts {told.predicts}")
    if told.scores:
        click.echo(f"\n{scores_table(told.scores)}")
