"""``nntrain explain``: which columns matter to a network, and why it predicts what it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nntrain.cli.options import json_option

if TYPE_CHECKING:
    from nntrain.report.run_explanation import RowExplanation, RunExplanation


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option(
    "--row", "rows", type=click.IntRange(1), multiple=True, metavar="NUMBER", help="Explain this row (repeatable)."
)
@click.option("--repeats", type=click.IntRange(2), default=10, show_default=True, help="Permutations of each column.")
@json_option
def explain(run: Path, data: Path | None, rows: tuple[int, ...], repeats: int, as_json: bool) -> None:
    """Explain a network on the test set of its run, or on DATA.

    Prints how much worse the score is without each column (permutation importance, with 95 % intervals), and how
    predictions depend on the most important ones. --row prints how much each column contributes to the prediction of a
    row, compared with the mean training row (integrated gradients).

    \b
    nntrain explain runs/iris
    nntrain explain runs/iris new.csv --row 1
    """
    from nntrain.cli.terminal import print_data
    from nntrain.report.run_explanation import explain_run
    from nntrain.training.run_folder.records import to_json

    found = explain_run(run, data, rows, repeats)
    if as_json:
        print_data(to_json(found.to_dict()))
        return
    click.echo("\n\n".join(format_rows(found) if rows else format_columns(found)))


def format_columns(found: RunExplanation) -> Iterator[str]:
    """The importance of the columns, and how predictions depend on the first."""
    from nntrain.cli.tables import format_table
    from nntrain.formatting import escape_line

    yield escape_line(
        f"{found.rows:,} rows of {found.data}. Importance: how much worse {found.score} is without a column"
    )
    lines = [
        [column.name, f"{column.importance:.4g}", f"{column.low:.4g}", f"{column.high:.4g}"]
        for column in found.importance
    ]
    yield format_table([["column", "importance", "95 % from", "to"], *lines])
    for dependence in found.dependence:
        rows = [
            [value, *(f"{mean:.4g}" for mean in means)]
            for value, means in zip(dependence.values, dependence.means, strict=True)
        ]
        yield format_table([[dependence.name, *(f"mean {output}" for output in dependence.outputs)], *rows])


def format_rows(found: RunExplanation) -> Iterator[str]:
    """The contributions of the columns to the prediction of each row, the largest first."""
    for row in found.explained_rows:
        yield format_row(row)


def format_row(row: RowExplanation) -> str:
    """The prediction of a row, and the contribution of each column."""
    from nntrain.cli.tables import format_table
    from nntrain.formatting import escape_line

    headline = escape_line(
        f"Row {row.row:,}: {row.output}: {row.prediction:.4g} = {row.baseline:.4g} for the mean training row, and:"
    )
    order = sorted(row.contributions, key=lambda name: -abs(row.contributions[name]))
    lines = [[name, row.values.get(name, "-"), f"{row.contributions[name]:+.4g}"] for name in order]
    return f"{headline}\n{format_table([['column', 'value', 'contribution'], *lines])}"
