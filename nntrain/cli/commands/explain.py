"""``nntrain explain``: which columns matter to a network, and why it predicts what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nntrain.cli.options import inputs_option, json_option, memory_option, targets_option

if TYPE_CHECKING:
    from nntrain.compute.array import Array
    from nntrain.explanation.partial_dependence import PartialDependence
    from nntrain.explanation.row_explanation import RowExplanation
    from nntrain.explanation.run_explanation import RunExplanation

# Values of a column whose mean predictions are printed, and pixels of an image.
MAX_VALUES, MAX_PIXELS = 7, 20


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option(
    "--row", "rows", type=click.IntRange(1), multiple=True, metavar="NUMBER", help="Explain this row (repeatable)."
)
@click.option("--output", metavar="NAME", help="Class, label or number that --row explains.  [default: the predicted]")
@click.option("--metric", metavar="METRIC", help="Score for the importance, or loss.  [default: the monitored metric]")
@click.option("--repeats", type=click.IntRange(2), default=10, show_default=True, help="Permutations of each column.")
@inputs_option
@targets_option
@memory_option
@json_option
def explain(
    run: Path,
    data: Path | None,
    rows: tuple[int, ...],
    output: str | None,
    metric: str | None,
    repeats: int,
    inputs: str | None,
    targets: str | None,
    memory: int | None,
    as_json: bool,
) -> None:
    """Explain a network on the test set of its run, or on DATA.

    Prints how much worse the score is without each column (permutation importance, with 95 % intervals), and how
    predictions depend on the most important ones. --row prints how much each column contributes to the prediction of a
    row, compared with the mean training row (integrated gradients); rows of DATA need no target.

    \b
    nntrain explain runs/iris
    nntrain explain runs/iris new.csv --row 1
    """
    from nntrain.cli.messages import print_note, print_warning
    from nntrain.cli.terminal import print_data
    from nntrain.explanation.run_explanation import ExplanationOptions, explain_run
    from nntrain.training.run_folder.records import to_json
    from nntrain.training.run_folder.run_metadata import find_unfinished

    check_usage(data, rows, output, metric, inputs, targets)
    options = ExplanationOptions(rows, repeats, metric, output, inputs, targets, memory)
    found = explain_run(run, data, options, warn=print_warning)
    for warning in find_unfinished(run):
        print_warning(warning)
    if as_json:
        print_data(to_json(found.to_dict()))
        return
    click.echo("\n\n".join(map(format_row, found.explained_rows) if rows else format_columns(found)))
    for note in found.notes:
        print_note(note)


def check_usage(
    data: Path | None,
    rows: tuple[int, ...],
    output: str | None,
    metric: str | None,
    inputs: str | None,
    targets: str | None,
) -> None:
    """UsageError for options that have no effect."""
    if data is None and (inputs or targets):
        raise click.UsageError("--inputs and --targets name datasets of DATA; add the file: nntrain explain RUN DATA")
    if output is not None and not rows:
        raise click.UsageError("--output chooses what --row explains; add --row NUMBER")
    if rows and (metric is not None or targets is not None):
        raise click.UsageError("--metric and --targets are for the importance of columns; remove them, or --row")


def format_columns(found: RunExplanation) -> Iterator[str]:
    """The importance of the columns, and how predictions depend on the first."""
    from nntrain.cli.tables import format_first_rows
    from nntrain.formatting import escape_line, format_aligned

    assert found.rows is not None
    some = "" if found.scored_rows == found.rows else f", of which {found.scored_rows:,} are used"
    yield escape_line(f"{found.rows:,} rows of {found.data}{some}")
    cells = format_aligned([value for one in found.importance for value in (one.importance, one.low, one.high)])
    lines = [[one.name, *cells[3 * k : 3 * k + 3]] for k, one in enumerate(found.importance)]
    yield (
        f"Importance: how much worse {found.score} gets if a column is shuffled (mean of {found.repeats} repeats)\n"
        + format_first_rows([["column", "importance", "95 % from", "to"], *lines], "columns", option="--json")
    )
    if found.dependence:
        yield "Mean prediction if all rows had the same value of a column\n\n" + "\n\n".join(
            map(format_dependence, found.dependence)
        )


def format_dependence(found: PartialDependence) -> str:
    """The mean predictions for some values of a column."""
    from nntrain.cli.tables import format_table
    from nntrain.explanation.dataset_rows import space_evenly
    from nntrain.formatting import format_aligned

    # Categories are in the order of their frequency.
    count = len(found.values)
    shown = list(range(count))[:MAX_VALUES] if found.kind == "text" else space_evenly(count, MAX_VALUES).tolist()
    columns = [format_aligned(means[shown].tolist()) for means in found.means.T]
    lines = [list(cells) for cells in zip([found.values[k] for k in shown], *columns, strict=True)]
    rest = count - len(lines)
    table = format_table([[found.name, *found.outputs], *lines])
    return table + (f"\n... and {rest} more values; --json prints them" if rest else "")


def format_row(row: RowExplanation) -> str:
    """The prediction of a row, and the contribution of each column or pixel, the largest first."""
    from nntrain.cli.tables import format_first_rows, format_table
    from nntrain.formatting import escape_line, format_aligned

    where = "" if row.file_row is None else f" (row {row.file_row:,} of the file)"
    noun = "columns" if row.pixels is None else "pixels"
    prediction, baseline, change = format_aligned((row.prediction, row.baseline, row.prediction - row.baseline))
    sign = "" if change.startswith("-") else "+"
    headline = escape_line(
        f"Row {row.row:,}{where}: {row.output} is {prediction}: {baseline} for the mean training row, "
        f"{sign}{change} by the {noun}"
    )
    if row.pixels is None:
        table = format_first_rows(list_contributions(row), "columns", option="--json")
    else:
        table = format_table([["pixel", "contribution"], *list_pixels(row.pixels)])
        rest = row.pixels.size - MAX_PIXELS
        table += f"\n... and {rest:,} more pixels; --json prints them" if rest > 0 else ""
    missed = f"\nThe contributions miss this by {row.residual:.2g}: the integral did not converge."
    return f"{headline}\n\n{table}{'' if row.is_exact else missed}"


def list_contributions(row: RowExplanation) -> list[list[str]]:
    """The columns and their contributions, the largest first, with the cells of the row if they are known."""
    order = sorted(row.contributions, key=lambda name: -abs(row.contributions[name]))
    changes = format_changes([row.contributions[name] for name in order])
    if not row.values:
        return [["column", "contribution"], *map(list, zip(order, changes, strict=True))]
    values = [row.values[name] for name in order]
    return [["column", "value", "contribution"], *map(list, zip(order, values, changes, strict=True))]


def list_pixels(pixels: Array) -> list[list[str]]:
    """The positions (from 0) of the pixels with the largest contributions, and these."""
    import numpy as np

    order = np.argsort(-np.abs(pixels), axis=None, kind="stable")[:MAX_PIXELS]
    positions = [", ".join(map(str, np.unravel_index(index, pixels.shape))) for index in order]
    return list(map(list, zip(positions, format_changes(pixels.ravel()[order].tolist()), strict=True)))


def format_changes(values: Sequence[float]) -> list[str]:
    """Contributions with their signs."""
    from nntrain.formatting import format_aligned

    return [text if text.startswith("-") else f"+{text}" for text in format_aligned(values)]
