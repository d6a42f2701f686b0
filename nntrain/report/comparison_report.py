"""The page that compares runs."""

from collections.abc import Mapping, Sequence

from nntrain.data.targets.class_target import format_label
from nntrain.formatting import format_number
from nntrain.report.page.blocks import Block, Gallery, Paragraph, Plot, Table
from nntrain.report.page.page import Page, PageSection
from nntrain.report.plots.comparison_plots import plot_run_curves
from nntrain.report.run_comparison import RunComparison, RunPair, format_verdict
from nntrain.report.set_predictions import SetPredictions

# Scores with curves.
MAX_CURVES = 4


def build_comparison_report(comparison: RunComparison) -> Page:
    """Build the page."""
    sections = [build_scores(comparison), build_curves(comparison)]
    if comparison.pairs:
        sections.insert(1, build_rows(comparison))
    if comparison.config:
        rows = [[key, *(format_value(value) for value in values)] for key, values in comparison.config.items()]
        sections.append(PageSection("config", "Config differences", [Table(["key", *comparison.names], rows)]))
    title = f"Comparison of {len(comparison.names)} runs"
    return Page(title, ", ".join(comparison.names), sections)


def build_score_rows(comparison: RunComparison) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of the table of scores: one for each run and set."""
    tables = [
        {name: values for name, values in run.items() if isinstance(values, Mapping)} for run in comparison.scores
    ]
    names = {
        key: None
        for sets in tables
        for values in sets.values()
        for key, value in values.items()
        if not isinstance(value, Mapping)
    }
    rows = [
        [run, split, *(format_number(values.get(key)) for key in names)]
        for run, sets in zip(comparison.names, tables, strict=True)
        for split, values in sets.items()
    ]
    return ["run", "set", *names], rows


def build_scores(comparison: RunComparison) -> PageSection:
    """Build the section with the verdict and all scores."""
    blocks: list[Block] = [
        Paragraph(text, "lead" if comparison.pairs else "warning") for text in format_verdict(comparison)
    ]
    header, rows = build_score_rows(comparison)
    blocks.append(Table(header, rows, "Scores"))
    return PageSection("scores", "Scores", blocks)


def build_curves(comparison: RunComparison) -> PageSection:
    """Build the section with the validation curves of all runs."""
    histories = [run.history for run in comparison.runs]
    keys = [
        key
        for key, value in (histories[0][0].get("validation", histories[0][0]["train"]) if histories[0] else {}).items()
        if not isinstance(value, Mapping)
    ]
    plots = []
    for key in keys[:MAX_CURVES]:
        curves = {
            name: [line.get("validation", line["train"]).get(key) for line in history]
            for name, history in zip(comparison.names, histories, strict=True)
        }
        text = f"{key} on the validation rows over epochs"
        plots.append(Plot(f"curves-{key}", text, f"{text} of {len(curves)} runs.", plot_run_curves(curves, key)))
    return PageSection("curves", "Training", [Gallery(plots)])


def build_rows(comparison: RunComparison) -> PageSection:
    """Build the section with the rows on which the networks disagree."""
    found = dict(zip(comparison.names, (run.predictions for run in comparison.runs), strict=True))
    blocks: list[Block] = []
    for pair in comparison.pairs:
        best, other = found[pair.best], found[pair.other]
        assert best is not None
        assert other is not None
        blocks.append(build_row_table(pair, best, other))
    return PageSection("rows", "Where they disagree", blocks)


def build_row_table(pair: RunPair, best: SetPredictions, other: SetPredictions) -> Table:
    """Return the rows with the largest differences between two networks."""
    rows = [
        [best.format_row(row), format_truth(best, row), format_prediction(best, row), format_prediction(other, row)]
        for row in pair.rows
    ]
    caption = f"The largest of {pair.different:,} differences between {pair.best} and {pair.other}"
    return Table([best.row_header, "true", pair.best, pair.other], rows, caption)


def format_truth(predictions: SetPredictions, row: int) -> str:
    """Format the target of a row."""
    return format_outcome(predictions, predictions.truths[row])


def format_prediction(predictions: SetPredictions, row: int) -> str:
    """Format the prediction for a row."""
    task = predictions.task.target.task
    if task == "regression":
        return format_outcome(predictions, predictions.numbers[row])
    text = format_outcome(predictions, predictions.labels[row])
    if task == "multilabel":
        return text
    return f"{text} ({predictions.probabilities[row, predictions.labels[row]]:.3f})"


def format_outcome(predictions: SetPredictions, value: object) -> str:
    """Format a class, labels or numbers."""
    target = predictions.task.target
    if target.task == "classification":
        return format_label(target.labels[int(value)])  # type: ignore[call-overload]
    values: Sequence[float] = list(value)  # type: ignore[call-overload]
    if target.task == "multilabel":
        return ", ".join(format_label(label) for label, has in zip(target.labels, values, strict=True) if has) or "none"
    return ", ".join(f"{number:.6g}" for number in values)


def format_value(value: object) -> str:
    """Format a value of a config."""
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
