"""``nntrain evaluate``: the scores of a network on rows with targets."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["evaluate"]


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option("--inputs", help="The HDF5 dataset of inputs.")
@click.option("--targets", help="The HDF5 dataset of targets.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(run: Path, data: Path | None, inputs: str | None, targets: str | None, as_json: bool) -> None:
    """Score a run (or a checkpoint file) on its test rows, or on the rows of DATA.

    \b
    nntrain evaluate runs/iris labelled.csv --json
    """
    from nntrain.cli.report import scores_table
    from nntrain.training.evaluation import score_file, score_test

    scored = score_test(run) if data is None else score_file(run, data, inputs, targets)
    if as_json:
        click.echo(json.dumps({"run": str(run), "data": scored.data, "rows": scored.rows, **scored.scores}))
        return
    click.echo(f"{scored.rows:,} rows of {scored.data}\n\n{scores_table({'': scored.scores})}")
    for note in scored.notes:
        click.echo(f"Note: {note}")
