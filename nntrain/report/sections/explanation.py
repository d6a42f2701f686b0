"""Which columns matter, and how predictions depend on them."""

from nntrain.explanation.column_span import find_column_spans
from nntrain.explanation.partial_dependence import PartialDependence
from nntrain.explanation.permutation_importance import (
    DEFAULT_REPEATS,
    ColumnImportance,
    compute_permutation_importance,
)
from nntrain.explanation.run_explanation import compute_dependences
from nntrain.formatting import format_aligned
from nntrain.report.page.blocks import Block, Gallery, Paragraph, Plot, Table
from nntrain.report.page.page import PageSection
from nntrain.report.plots.explanation_plots import plot_dependence, plot_importance
from nntrain.report.trained_run import TrainedRun
from nntrain.shell_command import format_command
from nntrain.training.metrics.metric_selection import choose_headline

# Rows that the network computes for the importance of all columns, and columns that are plotted.
MAX_COMPUTED_ROWS, MIN_ROWS, MAX_PLOTTED = 80_000, 100, 25

# Rows whose predictions are averaged in a partial dependence.
DEPENDENCE_ROWS = 150


def build_explanation_section(run: TrainedRun) -> PageSection | None:
    """Build the section; None without columns, or with more of them than a report has time for."""
    if run.predictions is None or run.network is None or run.rows is None:
        return None
    spans = find_column_spans(run.network.preprocessor)
    metric = choose_headline(run.predictions.metrics, run.config.train.monitor)
    if not spans or metric is None:
        return None
    command = format_command("explain", run.folder.path)
    rows = MAX_COMPUTED_ROWS // (len(spans) * DEFAULT_REPEATS)
    if rows < MIN_ROWS:
        text = f"{len(spans):,} columns take longer to explain than a report has time for: {command}"
        return PageSection("explanation", "Which columns matter", [Paragraph(text, "note")])
    dataset = run.rows.splits.datasets[run.predictions.name]
    found = compute_permutation_importance(run.network, dataset, spans, metric, max_rows=rows)
    dependences = compute_dependences(run.network, run.rows, dataset, found, DEPENDENCE_ROWS)
    used = min(rows, dataset.rows)
    blocks: list[Block] = [
        Paragraph(
            f"The importance of a column is how much worse {metric.key} gets when its values are exchanged among "
            f"{used:,} {run.predictions.name} rows. If the interval contains 0, the network may do as well without it. "
            "Columns with the same information share their importance."
        ),
        build_importance_plot(found, metric.key),
    ]
    if dependences:
        blocks.append(
            Paragraph(
                "How predictions depend on the most important columns: the mean prediction if every row had the same "
                "value, and thin lines for single rows. This describes the network, not causes."
            )
        )
        blocks.append(Gallery([build_dependence_plot(number, one) for number, one in enumerate(dependences, 1)]))
    blocks.append(Paragraph(f"Why a single row is predicted as it is: {format_row_command(run)}", "note"))
    return PageSection("explanation", "Which columns matter", blocks)


def format_row_command(run: TrainedRun) -> str:
    """Format the command that explains a row, counted as in the tables of this report."""
    assert run.predictions is not None
    # Numbers of a report are those of the file of the run, unless the set has a file of its own.
    file = [] if run.predictions.row_indices is None else [run.config.data.path]
    return format_command("explain", run.folder.path, *file, options=("--row", "NUMBER"))


def build_importance_plot(found: list[ColumnImportance], score: str) -> Plot:
    """Build the plot of the importance of the columns, with a table of all."""
    shown = found[:MAX_PLOTTED]
    cells = format_aligned([value for one in found for value in (one.importance, one.low, one.high)])
    rows = [[one.name, *cells[3 * k : 3 * k + 3]] for k, one in enumerate(found)]
    names = ", ".join(one.name for one in shown[:3])
    more = f" (the first {len(shown)} of {len(found)} columns)" if len(found) > len(shown) else ""
    return Plot(
        "importance",
        f"Permutation importance with 95 % intervals{more}",
        f"Importance of {len(shown)} columns; the most important are {names}.",
        plot_importance(shown, score),
        Table(["column", "importance", "95 % from", "to"], rows),
    )


def build_dependence_plot(number: int, found: PartialDependence) -> Plot:
    """Build the plot of the dependence on one column."""
    columns = [format_aligned(means.tolist()) for means in found.means.T]
    rows = [list(cells) for cells in zip(found.values, *columns, strict=True)]
    first, *_, last = columns[0]
    text = f"{found.outputs[0]} is {first} for {found.values[0]} and {last} for {found.values[-1]}"
    return Plot(
        f"dependence-{number}",
        f"Mean prediction over {found.name}",
        f"Mean prediction over {found.name}: {text}.",
        plot_dependence(found),
        Table([found.name, *found.outputs], rows),
    )
