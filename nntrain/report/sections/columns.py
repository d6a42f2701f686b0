"""The columns of the data: types, missing values, distributions, drift, and what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nntrain.config.toml import read_toml
from nntrain.data.checks.column_facts import ColumnFacts, describe_arrays, describe_table
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.raw_splits import RawSplits
from nntrain.data.raw_table_dataset import RawTableDataset
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn
from nntrain.report.analysis.drift import Drift, measure_drift
from nntrain.report.analysis.paired_tests import correct_p_values
from nntrain.report.page.blocks import Block, Paragraph, Plot, Table
from nntrain.report.page.page import PageSection
from nntrain.report.plots.column_plots import plot_distributions
from nntrain.report.trained_run import TrainedRun
from nntrain.training.inference.run_rows import RunRows

# Columns with a plot, and with a row in the table of drift.
MAX_PLOTTED, MAX_DRIFTS = 16, 10


def build_columns_section(run: TrainedRun) -> PageSection | None:
    """Build the section; None if the data cannot be read."""
    if run.rows is None or run.network is None:
        return None
    raw = run.rows.raw
    if raw is None:
        text = "The data is streamed from disk, so reports do not describe its columns; nntrain check does."
        return PageSection("columns", "Columns", [Paragraph(text, "note")])
    facts = describe(run, raw)
    sets = dict(iterate_tables(run.rows))
    inputs = [fact.name for fact in facts if fact.role in ("input", "target")]
    columns = [
        {name: table.columns[column] for name, table in sets.items() if column in table.columns}
        for column in inputs
        if sets and all(column in table.columns for table in sets.values())
    ]
    drifts = find_drifts(columns)
    blocks: list[Block] = [
        *(Paragraph(text, "warning") for text in format_warnings(facts, drifts)),
        *(Paragraph(f"{note[0].upper()}{note[1:]}.", "note") for note in find_exclusions(run)),
        build_fact_table(facts),
    ]
    shown = [column for column in columns if is_plottable(next(iter(column.values())))][:MAX_PLOTTED]
    if shown:
        blocks.append(build_distribution_plot(shown, len(columns)))
    if drifts:
        blocks.append(build_drift_table(drifts))
    return PageSection("columns", "Columns", blocks)


def find_exclusions(run: TrainedRun) -> Iterator[str]:
    """Yield why columns are not inputs: the user ignores them, or they are excluded, e.g. because they are constant."""
    if run.config.data.ignore:
        yield f"ignored, as data.ignore sets: {', '.join(map(repr, run.config.data.ignore))}"
    assert run.network is not None
    yield from (note for note in run.network.preprocessor.notes if " is excluded: " in note)


def describe(run: TrainedRun, raw: RawSplits) -> list[ColumnFacts]:
    """Return the facts of all columns, as ``nntrain check`` prints them."""
    assert run.network is not None
    if isinstance(raw.whole, RawTableDataset):
        # The resolved config declares every column.
        given = read_toml(run.folder.given_config)[0].get("data", {}).get("columns", {})
        declared = {name: options for name, options in run.options.columns.items() if name in given}
        options = replace(run.options, columns=declared)
        return describe_table(raw.whole.table, raw.split.train, run.network.preprocessor, options)
    assert isinstance(raw.whole, RawArrayDataset)
    return describe_arrays(raw.whole, run.network.preprocessor.target)


def iterate_tables(rows: RunRows) -> Iterator[tuple[str, DataTable]]:
    """Yield the tables of the sets that are in memory."""
    for name in rows.splits.datasets:
        raw = rows.get_raw(name)
        if isinstance(raw, RawTableDataset) and isinstance(raw.table, DataTable):
            yield name, raw.table


def is_plottable(column: RawColumn) -> bool:
    """Whether most values of a column occur more than once, or are numbers or times."""
    return column.kind != "text" or len(column.count_values()) <= len(column) / 2


def find_drifts(columns: Sequence[dict[str, RawColumn]]) -> list[Drift]:
    """Return the drift of each column from the training rows to each other set, the largest first."""
    found = [
        (other.name, name, *measure_drift(sets["train"], other))
        for sets in columns
        for name, other in sets.items()
        if "train" in sets and name != "train" and is_plottable(other)
    ]
    corrected = correct_p_values([p for *_, p in found])
    drifts = [Drift(column, name, distance, p) for (column, name, distance, _), p in zip(found, corrected, strict=True)]
    return sorted(drifts, key=lambda drift: (not drift.is_large, -drift.distance))


def format_warnings(facts: Sequence[ColumnFacts], drifts: Sequence[Drift]) -> Iterator[str]:
    """Yield the problems of columns that are inputs, and of sets that differ."""
    yield from (fact.leakage for fact in facts if fact.leakage)
    for drift in drifts:
        if drift.is_large:
            yield (
                f"Column {drift.column!r} has other values in the {drift.set_name} rows than in the training rows "
                f"(distance {drift.distance:.2f}), so the {drift.set_name} scores may be about another kind of rows."
            )


def build_fact_table(facts: Sequence[ColumnFacts]) -> Table:
    """Return the table of all columns."""
    rows = [
        [fact.name, fact.role, fact.type, f"{fact.missing:,}", "-" if fact.distinct is None else f"{fact.distinct:,}",
         fact.becomes, fact.remark]
        for fact in facts
    ]  # fmt: skip
    header = ["column", "role", "type", "missing", "distinct", "becomes", "reason"]
    return Table(header, rows, caption="All columns of the data, over all rows")


def build_distribution_plot(shown: Sequence[dict[str, RawColumn]], count: int) -> Plot:
    """Build the picture of the distributions."""
    more = f" (the first {len(shown)} of {count} columns)" if count > len(shown) else ""
    names = ", ".join(next(iter(sets.values())).name for sets in shown)
    text = f"Distributions of the columns in each set, as fractions of its rows{more}"
    return Plot("distributions", text, f"{text}: {names}.", plot_distributions(shown))


def build_drift_table(drifts: Sequence[Drift]) -> Table:
    """Return the table of the largest differences between sets."""
    rows = [[drift.column, drift.set_name, f"{drift.distance:.3f}", f"{drift.p:.2g}"] for drift in drifts[:MAX_DRIFTS]]
    return Table(
        ["column", "set", "distance", "p"],
        rows,
        caption="The largest differences from the training rows, from 0 to 1 (without a common value); p is the "
        "probability of one as large by chance",
    )
