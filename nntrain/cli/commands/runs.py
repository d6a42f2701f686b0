"""``nntrain runs``: list runs."""

from dataclasses import asdict
from pathlib import Path

import click

from nntrain.cli.options import json_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="runs", metavar="[FOLDER]")
@click.option(
    "--sort",
    type=click.Choice(["started", "name", "data", "score", "time", "state"]),
    default="started",
    show_default=True,
    help="Column to sort by; the newest runs are first.",
)
@click.option("--reverse", is_flag=True, help="Reverse the order.")
@json_option
def runs(folder: Path, sort: str, reverse: bool, as_json: bool) -> None:
    """List the runs in FOLDER (default: runs) with their scores, data, time and state.

    \b
    nntrain runs
    nntrain runs experiments --sort score
    """
    from nntrain.cli.messages import print_note
    from nntrain.cli.tables import format_table
    from nntrain.cli.terminal import print_data
    from nntrain.formatting import format_duration, format_number
    from nntrain.training.diagnostics.run_list import list_runs, sort_runs
    from nntrain.training.run_folder.records import to_json

    found = sort_runs(list_runs(folder), sort, reverse=reverse)
    if as_json:
        print_data(to_json([asdict(entry) for entry in found]))
        return
    if not found:
        print_note(f"{folder}: no runs")
        return
    lines = [
        [
            entry.path,
            entry.state,
            f"{entry.metric} {format_number(entry.score)} ({entry.scored_set})" if entry.metric else "-",
            entry.data,
            entry.target,
            "-" if entry.epochs is None else str(entry.epochs),
            "-" if entry.seconds is None else format_duration(entry.seconds),
            entry.started[:16].replace("T", " "),
        ]
        for entry in found
    ]
    click.echo(format_table([["run", "state", "score", "data", "target", "epochs", "time", "started (UTC)"], *lines]))
    for entry in found:
        if entry.reason:
            print_note(entry.reason if entry.reason.startswith(entry.path) else f"{entry.path}: {entry.reason}")
