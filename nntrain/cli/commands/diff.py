"""``nntrain diff``: compare two runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nntrain.cli.options import json_option
from nntrain.cli.tables import format_table
from nntrain.cli.terminal import print_json
from nntrain.formatting import escape_line

if TYPE_CHECKING:
    from nntrain.training.diagnostics.run_difference import RunDifference


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("second", type=click.Path(path_type=Path), metavar="RUN")
@json_option
def diff(first: Path, second: Path, as_json: bool) -> None:
    """Show where two runs differ: config, data, versions, scores, the first epoch that differs, and parameters.

    \b
    nntrain diff runs/iris runs/again

    diff finds where two runs stop being bit-for-bit identical; compare shows which of several runs predicts better.
    """
    from nntrain.training.diagnostics.run_difference import compare_runs

    found = compare_runs(first, second)
    if as_json:
        print_json(asdict(found))
    else:
        click.echo(format_report(found))


def format_report(difference: RunDifference) -> str:
    """The complete report."""
    parts = [
        format_difference_table("config", difference.config, difference.runs) or "The configs are identical.",
        format_difference_table("data", difference.data, difference.runs) or "The data is identical.",
        format_difference_table("versions", difference.versions, difference.runs) or "The versions are identical.",
        format_scores(difference),
        escape_line(format_divergence(difference.parting)),
        escape_line(format_parameters(difference)),
    ]
    return "\n\n".join(part for part in parts if part)


def format_difference_table(title: str, pairs: Mapping[str, Any], runs: tuple[str, str]) -> str:
    """One row for each key that differs; empty if none does."""
    if not pairs:
        return ""
    return format_table([[title, *runs], *([key, *map(format_value, pair)] for key, pair in pairs.items())])


def format_value(value: object) -> str:
    """A value in a cell."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else "-" if value is None else json.dumps(value)


def format_scores(difference: RunDifference) -> str:
    """The scores of both runs on each set; empty if neither run is complete."""
    rows = {f"{split} {name}": pair for split, values in difference.scores.items() for name, pair in values.items()}
    numbers = {name: pair for name, pair in rows.items() if not any(isinstance(value, list) for value in pair)}
    return format_difference_table("scores", numbers, difference.runs)


def format_divergence(divergence: Mapping[str, Any] | None) -> str:
    """The first epoch whose scores differ."""
    if divergence is None:
        return "The scores of all epochs are identical."
    if divergence["ended"]:
        return f"The scores are identical up to epoch {divergence['epoch'] - 1}, where one of the runs ends."
    values = ", ".join(
        f"{key} {format_value(a)} and {format_value(b)}" for key, (a, b) in list(divergence["values"].items())[:4]
    )
    return f"First difference: epoch {divergence['epoch']} (step {divergence['step']}): {values}."


def format_parameters(difference: RunDifference) -> str:
    """Whether the best networks are identical."""
    if not difference.best:
        return "One of the runs has no best.h5 yet."
    if difference.parameters is None:
        return "The parameters in best.h5 are bit-for-bit identical."
    name, largest = difference.parameters["first"], difference.parameters["largest"]
    listed = ["absent" if shape is None else str(tuple(shape)) for shape in difference.parameters["shapes"]]
    shapes = " and ".join(dict.fromkeys(listed))
    gap = f"; the largest difference is {largest['difference']:.3g}, in {largest['array']}" if largest else ""
    return f"The parameters in best.h5 differ in {difference.parameters['arrays']} arrays, first {name} {shapes}{gap}."
