"""``nntrain diff``: in what two runs differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nntrain.cli.report import columns
from nntrain.cli.terminal import print_json
from nntrain.formatting import escape_line

if TYPE_CHECKING:
    from nntrain.training.diagnostics.run_difference import RunDifference

__all__ = ["diff"]


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("second", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(first: Path, second: Path, as_json: bool) -> None:
    """Compare two runs: config, data, versions, scores, the first epoch at which they part, the parameters.

    \b
    nntrain diff runs/iris runs/again
    """
    from nntrain.training.diagnostics.run_difference import compare_runs

    found = compare_runs(first, second)
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(told(found))


def told(found: RunDifference) -> str:
    """All of it in words and tables; where the runs agree, that they do."""
    parts = [
        table("config", found.config, found.runs) or "The configs say the same.",
        table("data", found.data, found.runs) or "The data are the same.",
        table("versions", found.versions, found.runs) or "The versions are the same.",
        scores(found),
        escape_line(parting(found.parting)),
        escape_line(parameters(found)),
    ]
    return "\n\n".join(part for part in parts if part)


def table(what: str, pairs: Mapping[str, Any], runs: tuple[str, str]) -> str:
    """A row for each key that differs."""
    if not pairs:
        return ""
    return columns([[what, *runs], *([key, *map(spelled, pair)] for key, pair in pairs.items())])


def spelled(value: object) -> str:
    """A value in a cell."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else "-" if value is None else json.dumps(value)


def scores(found: RunDifference) -> str:
    """The scores of both, part by part; nothing if neither run is at its end."""
    rows = {f"{part} {name}": pair for part, values in found.scores.items() for name, pair in values.items()}
    numbers = {name: pair for name, pair in rows.items() if not any(isinstance(value, list) for value in pair)}
    return table("scores", numbers, found.runs)


def parting(found: Mapping[str, Any] | None) -> str:
    """Where the runs part."""
    if found is None:
        return "The scores of every epoch are the same."
    if found["ended"]:
        return f"The scores of every epoch are the same up to epoch {found['epoch'] - 1}, where one of them ends."
    values = ", ".join(f"{key} {spelled(a)} and {spelled(b)}" for key, (a, b) in list(found["values"].items())[:4])
    return f"They part in epoch {found['epoch']} (step {found['step']}): {values}."


def parameters(found: RunDifference) -> str:
    """Whether the best networks are the same."""
    if not found.best:
        return "One of them has no best.h5 yet."
    if found.parameters is None:
        return "The parameters of both best.h5 are the same to the last bit."
    name, largest = found.parameters["first"], found.parameters["largest"]
    told = ["absent" if shape is None else str(tuple(shape)) for shape in found.parameters["shapes"]]
    shapes = " and ".join(dict.fromkeys(told))
    gap = f"; the largest difference is {largest['difference']:.3g}, in {largest['array']}" if largest else ""
    return f"The parameters of best.h5 differ in {found.parameters['arrays']} arrays, first {name} {shapes}{gap}."
