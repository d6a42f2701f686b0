"""``nntrain show``: show the network and scores of a run or a checkpoint."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from nntrain.cli.options import json_option, long_size_option


@click.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="RUN|FILE")
@click.option("--partial", is_flag=True, help="Show an imported network even if some layers are unknown.")
@long_size_option
@click.option("--all", "every", is_flag=True, help="Print all parameters and all lines of the network.")
@json_option
def show(path: Path, partial: bool, long_size: int | None, every: bool, as_json: bool) -> None:
    """Show the network, its parameters and its scores. The data is not needed.

    \b
    nntrain show runs/iris
    nntrain show old.t7
    """
    from nntrain.cli.messages import print_note, print_warning
    from nntrain.cli.network_table import format_network_table
    from nntrain.cli.tables import format_first_lines, format_first_rows, format_scores
    from nntrain.cli.terminal import print_json, print_line
    from nntrain.training.diagnostics.checkpoint_summary import summarize_checkpoint
    from nntrain.training.run_folder.run_metadata import find_unfinished, read_history

    summary = summarize_checkpoint(path, partial=partial, long_size=long_size, warn=print_warning)
    history = read_history(path)
    for warning in find_unfinished(path):
        print_warning(warning)
    if as_json:
        print_json({**summary.to_dict(), **history})
        return
    origin = f", written by nntrain {summary.version}" if summary.version else ""
    print_line(f"{summary.path}{origin}")
    network = format_network_table(summary.layers, every) if summary.layers else ""
    click.echo(f"\n{network or format_first_lines(summary.outline, '--all', every)}")
    for line in summary.hyperparameters:
        print_line(line)
    click.echo()
    click.echo(format_first_rows([["parameter", "shape", "values"], *summary.parameters], "parameters", every))
    criterion, predicts = summary.criterion or "not recorded", summary.prediction or "raw outputs"
    print_line(f"{summary.parameter_count:,} parameters; criterion {criterion}; predicts {predicts}")
    for note in summary.notes:
        print_note(note)
    if summary.scores:
        click.echo(f"\n{format_scores(summary.scores)}")
    for line in format_history(history):
        click.echo()
        print_line(line)


def format_history(history: Mapping[str, Any]) -> Iterator[str]:
    """The number of times a run was resumed, the changes, and whether it is exact."""
    if not history.get("resumed"):
        return
    changes = [
        f"{key} from {json.dumps(change['from'])} to {json.dumps(change['to'])} after step {resumed['step']:,}"
        for resumed in history["resumed"]
        for key, change in resumed["changes"].items()
    ]
    times = len(history["resumed"])
    yield f"Resumed {'once' if times == 1 else f'{times} times'}{''.join(f'; {change}' for change in changes)}."
    if not history["exact"]:
        # Older versions recorded the changed keys alone.
        reasons = dict.fromkeys(
            reason
            for resumed in history["resumed"]
            for reason in resumed.get("reasons", [f"{key} changed" for key in resumed["allowed"]])
        )
        yield f"Not exact: {'; '.join(reasons)}; an uninterrupted run would give other results."
