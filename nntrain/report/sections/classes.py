"""Predictions of classes: confusion, thresholds, calibration, mistakes."""

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.targets.class_target import format_label
from nntrain.formatting import format_count, format_number
from nntrain.report.analysis.class_curves import ThresholdCurves, compute_calibration, compute_threshold_curves
from nntrain.report.page.blocks import Block, Gallery, Paragraph, Picture, Plot, Table
from nntrain.report.page.page import PageSection
from nntrain.report.plots.class_plots import (
    plot_calibration,
    plot_confusion_matrix,
    plot_precision_recall,
    plot_roc,
    thin_out,
)
from nntrain.report.sections.raw_rows import format_cells, get_images, to_png
from nntrain.report.set_predictions import SetPredictions
from nntrain.report.trained_run import TrainedRun

# Classes of a confusion matrix, and those with curves of their own; more would be unreadable.
MAX_MATRIX, MAX_CURVES = 15, 6

# Rows of a table for each curve.
MAX_CURVE_ROWS = 20

# Confusions and mistakes that are listed.
MAX_CONFUSIONS, MAX_MISTAKES = 15, 12


def build_classes_section(run: TrainedRun) -> PageSection | None:
    """Build the section; None without predictions of classes."""
    predictions = run.predictions
    if predictions is None or predictions.task.target.task != "classification":
        return None
    blocks: list[Block] = [
        Paragraph(f"All of this is about {format_count(predictions.rows, f'{predictions.name} row')}."),
        Gallery(list(build_plots(predictions))),
        *build_tables(predictions),
        *build_mistakes(run, predictions),
    ]
    return PageSection("classes", "Predicted classes", blocks)


def build_plots(predictions: SetPredictions) -> Iterator[Block]:
    """Yield the plots."""
    labels = predictions.task.target.labels
    matrix = get_confusion_matrix(predictions)
    if len(labels) <= MAX_MATRIX:
        right = int(np.trace(matrix))
        yield Plot(
            "confusion-matrix",
            "Confusion matrix: rows are true classes, columns are predictions",
            f"Confusion matrix of {len(labels)} classes: {right:,} of {matrix.sum():,.6g} rows are on the diagonal.",
            plot_confusion_matrix(matrix, labels),
            Table(
                ["true", *labels],
                [[label, *(f"{n:,.6g}" for n in row)] for label, row in zip(labels, matrix, strict=True)],
            ),
        )
    curves, marker = compute_class_curves(predictions)
    yield from build_curve_plots(curves, marker, len(labels))
    confidence = predictions.probabilities.max(axis=1)
    is_right = predictions.probabilities.argmax(axis=1) == predictions.truths
    yield from build_calibration_plot(
        confidence, is_right, predictions.weights, "probability of the most probable class"
    )


def get_confusion_matrix(predictions: SetPredictions) -> Array:
    """Return the rows of each true class by predicted class, with sample weights, from the metric of this name."""
    table = predictions.scores["confusion_matrix"]
    return np.array([list(row.values()) for row in table.values()], np.float64)


def compute_class_curves(predictions: SetPredictions) -> tuple[dict[str, ThresholdCurves], tuple[str, int] | None]:
    """Return the curves of the positive class, or of each of few classes against the rest, and the decision in use."""
    labels, p, t = predictions.task.target.labels, predictions.probabilities, predictions.truths
    codes = [1] if len(labels) == 2 else range(min(len(labels), MAX_CURVES))
    found = {labels[code]: compute_threshold_curves(p[:, code], t == code, predictions.weights) for code in codes}
    curves = {label: curve for label, curve in found.items() if curve is not None}
    rule = predictions.task.get_decision_rule()
    if len(labels) != 2 or labels[1] not in curves:
        return curves, None
    return curves, (labels[1], curves[labels[1]].locate(rule["threshold"]))


def build_curve_plots(
    curves: dict[str, ThresholdCurves], marker: tuple[str, int] | None, labels: int
) -> Iterator[Plot]:
    """Yield the ROC curve, and precision over recall; ``labels``: the number of classes or labels in all."""
    if not curves:
        return
    more = f", the first of {labels}" if labels > MAX_CURVES else ""
    of = f"of {', '.join(map(format_label, curves))}{more}"
    at = ""
    if marker is not None:
        curve, index = curves[marker[0]], marker[1]
        at = (
            f" With the threshold in use, the true positive rate (recall) is {curve.true_positive_rate[index]:.3f}, "
            f"the false positive rate {curve.false_positive_rate[index]:.3f} and the precision "
            f"{curve.precision[index]:.3f}."
        )
    numbers = build_curve_table(curves)
    yield Plot("roc", f"ROC curve {of}.{at}", f"ROC curve {of}.{at}", plot_roc(curves, marker), numbers)
    title = f"Precision and recall {of}"
    yield Plot("precision-recall", f"{title}.", f"{title}.{at}", plot_precision_recall(curves, marker), numbers)


def build_curve_table(curves: dict[str, ThresholdCurves]) -> Table:
    """Return evenly spaced points of the curves."""
    rows = []
    for label, curve in curves.items():
        points = thin_out(len(curve.thresholds))
        for index in points[:: max(1, len(points) // MAX_CURVE_ROWS)]:
            columns = curve.thresholds, curve.true_positive_rate, curve.false_positive_rate, curve.precision
            rows.append([label, *(f"{values[index]:.4g}" for values in columns)])
    return Table(["class", "threshold", "true positive rate", "false positive rate", "precision"], rows)


def build_calibration_plot(p: Array, is_right: Array, weights: Array | None, label: str) -> Iterator[Plot]:
    """Yield the plot of the calibration; none if probabilities are not finite."""
    if not np.isfinite(p).all():
        return
    found = compute_calibration(p, is_right, weights)
    gap = float(np.average(np.abs(found.mean - found.fraction), weights=found.mass))
    text = f"Calibration: on average, probabilities differ from the fraction that is right by {gap:.3f}."
    rows = [
        [f"{mean:.4f}", f"{fraction:.4f}", f"{count:,}"]
        for mean, fraction, count in zip(found.mean, found.fraction, found.rows, strict=True)
    ]
    yield Plot(
        "calibration", text, text, plot_calibration(found, label), Table([label, "fraction right", "rows"], rows)
    )


def build_tables(predictions: SetPredictions) -> Iterator[Block]:
    """Yield precision, recall and F1 of each class, and the largest confusions where a matrix would be too large."""
    labels = predictions.task.target.labels
    header = ["class", "precision", "recall", "f1", "rows"]
    lines = [
        [label, *(format_number(values[name]) for name in ("precision", "recall", "f1", "support"))]
        for label, values in predictions.scores["per_class"].items()
    ]
    yield Table(header, lines, caption="Scores of each class")
    if len(labels) > MAX_MATRIX:
        matrix = get_confusion_matrix(predictions)
        np.fill_diagonal(matrix, 0)
        largest = np.argsort(-matrix, axis=None, kind="stable")[:MAX_CONFUSIONS]
        pairs = [divmod(int(flat), len(labels)) for flat in largest if matrix.flat[flat] > 0]
        rows = [[labels[true], labels[other], f"{matrix[true, other]:,.6g}"] for true, other in pairs]
        yield Table(["true", "predicted", "rows"], rows, caption="The most frequent confusions")


def build_mistakes(run: TrainedRun, predictions: SetPredictions) -> Iterator[Block]:
    """Yield the wrong predictions with the highest probabilities, with the cells or the image of their rows."""
    wrong = np.flatnonzero(predictions.labels != predictions.truths)
    if not len(wrong):
        yield Paragraph("There are no mistakes among these rows.")
        return
    confidence = predictions.probabilities[wrong, predictions.labels[wrong]]
    chosen = [int(row) for row in wrong[np.argsort(-confidence, kind="stable")[:MAX_MISTAKES]]]
    labels = predictions.task.target.labels
    assert run.rows is not None
    raw = run.rows.get_raw(predictions.name)
    columns = [] if run.network is None else [column.name for column in run.network.preprocessor.columns]
    names, cells = format_cells(raw, columns, chosen)
    lines = [
        [predictions.format_row(row), labels[predictions.truths[row]], labels[predictions.labels[row]],
         f"{predictions.probabilities[row, predictions.labels[row]]:.3f}", *shown]
        for row, shown in zip(chosen, cells, strict=True)
    ]  # fmt: skip
    share = f"{len(wrong):,} of {predictions.rows:,} predictions are wrong"
    yield Table(
        [predictions.row_header, "true", "predicted", "probability", *names],
        lines,
        caption=f"The most confident mistakes: {share}, and these have the highest probabilities",
    )
    images = get_images(raw, chosen)
    if images:
        yield Gallery(
            [
                Picture(
                    f"row {line[0]}: {line[2]} ({line[3]}), true: {line[1]}",
                    f"Image of row {line[0]}, predicted as {line[2]}, true class {line[1]}",
                    to_png(image),
                )
                for line, image in zip(lines, images, strict=True)
            ]
        )
