"""Predictions of numbers: predicted against true, errors, and the rows with the largest."""

from collections.abc import Iterator

import numpy as np

from nntrain.formatting import format_count
from nntrain.report.analysis.residuals import compute_error_by_size
from nntrain.report.page.blocks import Block, Gallery, Paragraph, Plot, Table
from nntrain.report.page.page import PageSection
from nntrain.report.plots.number_plots import (
    MAX_POINTS,
    plot_error_by_size,
    plot_predicted_against_true,
    plot_residuals,
)
from nntrain.report.sections.raw_rows import format_cells
from nntrain.report.set_predictions import SetPredictions
from nntrain.report.trained_run import TrainedRun

# Numbers to predict with plots, and rows in a table of errors.
MAX_TARGETS, MAX_ROWS = 6, 12


def build_numbers_section(run: TrainedRun) -> PageSection | None:
    """Build the section; None without predictions of numbers."""
    predictions = run.predictions
    if predictions is None or predictions.task.target.task != "regression":
        return None
    labels = predictions.task.target.labels
    if not np.isfinite(predictions.numbers).all():
        text = "Some predictions are NaN or infinite, so there are no plots of them."
        return PageSection("numbers", "Predicted numbers", [Paragraph(text, "warning")])
    blocks: list[Block] = [
        Paragraph(f"All of this is about {format_count(predictions.rows, f'{predictions.name} row')}.")
    ]
    if len(labels) > 1:
        blocks.append(build_target_table(predictions))
    for index in range(min(len(labels), MAX_TARGETS)):
        blocks += [Gallery(list(build_plots(predictions, index))), build_error_table(run, predictions, index)]
    return PageSection("numbers", "Predicted numbers", blocks)


def build_plots(predictions: SetPredictions, index: int) -> Iterator[Plot]:
    """Yield the plots of one number."""
    name = predictions.task.target.labels[index]
    y, t = predictions.numbers[:, index], predictions.truths[:, index]
    shown = f" ({MAX_POINTS:,} of them)" if len(t) > MAX_POINTS else ""
    text = f"Predicted against true {name} for {len(t):,} rows{shown}."
    yield Plot(
        f"predicted-{index + 1}",
        text,
        f"{text} The nearer to the diagonal, the better.",
        plot_predicted_against_true(y, t, name),
    )
    low, middle, high = np.percentile(y - t, [5, 50, 95])
    text = f"Errors of {name}: 90 % are from {low:.4g} to {high:.4g}, and the median is {middle:.4g}."
    yield Plot(f"residuals-{index + 1}", text, text, plot_residuals(y, t, name))
    errors = compute_error_by_size(y, t, predictions.weights)
    rows = [
        [f"{low:.6g}", f"{high:.6g}", f"{count:,}", f"{mae:.4g}", f"{bias:.4g}"]
        for low, high, count, mae, bias in zip(
            errors.low, errors.high, errors.rows, errors.mae, errors.bias, strict=True
        )
    ]
    text = f"Errors by true {name}, in {len(rows)} groups of about equally many rows."
    header = ["from", "to", "rows", "mean absolute error", "mean of predicted − true"]
    yield Plot(f"error-by-size-{index + 1}", text, text, plot_error_by_size(errors, name), Table(header, rows))


def build_target_table(predictions: SetPredictions) -> Table:
    """Return the errors of each number."""
    weights = predictions.weights
    errors = predictions.numbers - predictions.truths
    variance = np.average(
        (predictions.truths - np.average(predictions.truths, axis=0, weights=weights)) ** 2, axis=0, weights=weights
    )
    mae = np.average(np.abs(errors), axis=0, weights=weights)
    mse = np.average(errors**2, axis=0, weights=weights)
    r2 = 1 - np.divide(mse, variance, out=np.full_like(mse, np.nan), where=variance > 0)
    rows = [
        [label, *(f"{values[index]:.4g}" for values in (mae, np.sqrt(mse), r2))]
        for index, label in enumerate(predictions.task.target.labels)
    ]
    return Table(["target", "mean absolute error", "root mean squared error", "R²"], rows)


def build_error_table(run: TrainedRun, predictions: SetPredictions, index: int) -> Table:
    """Return the rows with the largest errors."""
    y, t = predictions.numbers[:, index], predictions.truths[:, index]
    chosen = [int(row) for row in np.argsort(-np.abs(y - t), kind="stable")[:MAX_ROWS]]
    assert run.rows is not None
    columns = [] if run.network is None else [column.name for column in run.network.preprocessor.columns]
    names, cells = format_cells(run.rows.get_raw(predictions.name), columns, chosen)
    lines = [
        [predictions.format_row(row), f"{t[row]:.6g}", f"{y[row]:.6g}", f"{y[row] - t[row]:.4g}", *shown]
        for row, shown in zip(chosen, cells, strict=True)
    ]
    caption = f"The largest errors of {predictions.task.target.labels[index]}"
    return Table([predictions.row_header, "true", "predicted", "error", *names], lines, caption=caption)
