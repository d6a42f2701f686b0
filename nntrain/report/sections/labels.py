"""Predictions of several labels per row."""

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.targets.class_target import format_label
from nntrain.formatting import format_count, format_number
from nntrain.report.analysis.class_curves import compute_threshold_curves
from nntrain.report.page.blocks import Block, Gallery, Paragraph, Table
from nntrain.report.page.page import PageSection
from nntrain.report.sections.classes import MAX_CURVES, MAX_MISTAKES, build_calibration_plot, build_curve_plots
from nntrain.report.sections.raw_rows import format_cells
from nntrain.report.set_predictions import SetPredictions
from nntrain.report.trained_run import TrainedRun


def build_labels_section(run: TrainedRun) -> PageSection | None:
    """Build the section; None without predictions of labels."""
    predictions = run.predictions
    if predictions is None or predictions.task.target.task != "multilabel":
        return None
    labels, p, t = predictions.task.target.labels, predictions.probabilities, predictions.truths
    found = {
        label: compute_threshold_curves(p[:, index], t[:, index], predictions.weights)
        for index, label in enumerate(labels[:MAX_CURVES])
    }
    curves = {label: curve for label, curve in found.items() if curve is not None}
    weights = None if predictions.weights is None else np.repeat(predictions.weights, len(labels))
    plots = [
        *build_curve_plots(curves, None, len(labels)),
        *build_calibration_plot(p.reshape(-1), t.reshape(-1), weights, "probability of a label"),
    ]
    blocks: list[Block] = [
        Paragraph(f"All of this is about {format_count(predictions.rows, f'{predictions.name} row')}."),
        Gallery(plots),
        build_label_table(predictions),
        *build_worst_rows(run, predictions),
    ]
    return PageSection("labels", "Predicted labels", blocks)


def build_label_table(predictions: SetPredictions) -> Table:
    """Return the threshold and the scores of each label."""
    thresholds = predictions.task.get_decision_rule()["threshold"]
    names = ("precision", "recall", "f1", "support")
    lines = [
        [label, f"{thresholds[label]:.4g}", *(format_number(values[name]) for name in names)]
        for label, values in predictions.scores["per_class"].items()
    ]
    return Table(["label", "threshold", "precision", "recall", "f1", "rows"], lines, caption="Scores of each label")


def build_worst_rows(run: TrainedRun, predictions: SetPredictions) -> Iterator[Block]:
    """Yield the rows with the most wrong labels; of equally many, those with the most confident ones."""
    wrong = predictions.labels != predictions.truths
    counts = wrong.sum(axis=1)
    confidence = (wrong * np.abs(predictions.probabilities - 0.5)).max(axis=1)
    order = np.lexsort((-confidence, -counts))
    chosen = [int(row) for row in order[:MAX_MISTAKES] if counts[row]]
    if not chosen:
        yield Paragraph("There are no mistakes among these rows.")
        return
    assert run.rows is not None
    columns = [] if run.network is None else [column.name for column in run.network.preprocessor.columns]
    names, cells = format_cells(run.rows.get_raw(predictions.name), columns, chosen)
    labels = np.array(predictions.task.target.labels, object)

    def join(mask: Array) -> str:
        return ", ".join(map(format_label, labels[mask])) or "none"

    lines = [
        [predictions.format_row(row), join(predictions.truths[row]), join(predictions.labels[row]), *shown]
        for row, shown in zip(chosen, cells, strict=True)
    ]
    caption = (
        f"The rows with the most wrong labels: {np.count_nonzero(counts):,} of {predictions.rows:,} have one or more"
    )
    yield Table([predictions.row_header, "true", "predicted", *names], lines, caption=caption)
