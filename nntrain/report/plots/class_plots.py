"""Plots of classes and labels: confusion matrix, ROC, precision and recall, calibration."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nntrain.compute.array import Array
from nntrain.report.analysis.class_curves import Calibration, ThresholdCurves
from nntrain.report.plots.drawing import (
    BLUE,
    GRAY,
    INK,
    ORANGE,
    SERIES_COLORS,
    create_axes,
    format_label,
    use_style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Points of a curve that a figure has room for.
MAX_POINTS = 300


def plot_confusion_matrix(counts: Array, labels: Sequence[str]) -> "Figure":
    """Plot the rows of each true class (rows) by the predicted one (columns), shaded by their share of the row."""
    size = min(max(3.0, 1.2 + 0.55 * len(labels)), 4.4)
    with use_style():
        figure, axes = create_axes(size + 0.8, size)
        for true, row in enumerate(counts):
            for predicted, count in enumerate(row):
                share = count / row.sum() if row.sum() else 0
                color = BLUE if true == predicted else ORANGE
                axes.add_patch(build_cell(predicted, true, color, share))
                if count:
                    axes.text(predicted, true, f"{count:,.6g}", ha="center", va="center", color=INK)
        ticks, names = range(len(labels)), [format_label(label) for label in labels]
        axes.set(xlim=(-0.5, len(labels) - 0.5), ylim=(len(labels) - 0.5, -0.5), xlabel="predicted", ylabel="true")
        axes.set_xticks(ticks, names, rotation=0 if max(map(len, names)) * len(names) < 40 else 45, ha="center")
        axes.set_yticks(ticks, names)
        axes.grid(visible=False)
    return figure


def build_cell(x: int, y: int, color: str, share: float) -> object:
    """Return a cell, more opaque for a larger share. The number in it stays readable in both modes."""
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.48), 0.96, 0.96, facecolor=color, alpha=0.06 + 0.44 * share, linewidth=0)


def plot_roc(curves: Mapping[str, ThresholdCurves], marker: tuple[str, int] | None) -> "Figure":
    """Plot true positives over false positives for each class; ``marker``: the name and position of the decision."""
    with use_style():
        figure, axes = create_axes(4.2, 3.6)
        axes.plot([0, 1], [0, 1], color=GRAY, linestyle=":", linewidth=1, label="chance")
        for color, (name, curve) in zip(SERIES_COLORS, curves.items(), strict=False):
            some = thin_out(len(curve.thresholds))
            axes.plot(
                curve.false_positive_rate[some], curve.true_positive_rate[some], color=color, label=format_label(name)
            )
        if marker is not None:
            name, index = marker
            curve = curves[name]
            axes.plot(
                curve.false_positive_rate[index],
                curve.true_positive_rate[index],
                "o",
                color=ORANGE,
                label="threshold in use",
            )
        axes.set(xlabel="false positive rate", ylabel="true positive rate", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        axes.legend(loc="lower right")
    return figure


def plot_precision_recall(curves: Mapping[str, ThresholdCurves], marker: tuple[str, int] | None) -> "Figure":
    """Plot precision over recall for each class; ``marker``: the name and position of the decision."""
    with use_style():
        figure, axes = create_axes(4.2, 3.6)
        for color, (name, curve) in zip(SERIES_COLORS, curves.items(), strict=False):
            some = thin_out(len(curve.thresholds))
            axes.plot(
                curve.true_positive_rate[some],
                curve.precision[some],
                color=color,
                label=format_label(name),
                drawstyle="steps-pre",
            )
        if marker is not None:
            name, index = marker
            curve = curves[name]
            axes.plot(
                curve.true_positive_rate[index], curve.precision[index], "o", color=ORANGE, label="threshold in use"
            )
        axes.set(xlabel="recall", ylabel="precision", xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
        axes.legend(loc="lower left")
    return figure


def plot_calibration(calibration: Calibration, label: str) -> "Figure":
    """Plot the fraction of rows that is right over the probability, with areas as large as the numbers of rows."""
    with use_style():
        figure, axes = create_axes(4.2, 3.6)
        axes.plot([0, 1], [0, 1], color=GRAY, linestyle=":", linewidth=1, label="perfect")
        sizes = 20 + 100 * calibration.rows / calibration.rows.max()
        axes.plot(calibration.mean, calibration.fraction, color=BLUE, linewidth=1)
        axes.scatter(calibration.mean, calibration.fraction, s=sizes, color=BLUE, alpha=0.7, label="rows")
        axes.set(xlabel=label, ylabel="fraction that is right", xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
        axes.legend(loc="upper left")
    return figure


def thin_out(count: int) -> list[int]:
    """Return the positions of evenly spaced points, the first and the last included."""
    step = max(1, -(-count // MAX_POINTS))
    return sorted({*range(0, count, step), count - 1})
