"""Plots of predicted numbers and their errors."""

from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.explanation.dataset_rows import space_evenly
from nntrain.report.analysis.residuals import ErrorBySize
from nntrain.report.plots.drawing import BLUE, GRAY, ORANGE, create_axes, format_label, use_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Points of a scatter plot; more would hide each other.
MAX_POINTS = 2000

BINS = 40


def plot_predicted_against_true(y: Array, t: Array, name: str) -> "Figure":
    """Plot predictions y (N,) over targets t (N,), of evenly spaced rows if there are many."""
    some = space_evenly(len(t), MAX_POINTS)
    with use_style():
        figure, axes = create_axes(4.4, 3.6)
        ends = [min(t.min(), y.min()), max(t.max(), y.max())]
        axes.plot(ends, ends, color=GRAY, linestyle=":", linewidth=1, label="perfect")
        axes.plot(t[some], y[some], "o", color=BLUE, markersize=2.5, alpha=0.5, markeredgewidth=0, label="rows")
        axes.set(xlabel=f"true {format_label(name)}", ylabel="predicted")
        axes.legend(loc="upper left")
    return figure


def plot_residuals(y: Array, t: Array, name: str) -> "Figure":
    """Plot the histogram of the errors y − t, without the 1 % at each end if they are far away."""
    errors = y - t
    low, high = np.percentile(errors, [0.5, 99.5])
    span = (high - low) or 1.0
    limits = max(errors.min(), low - span / 2), min(errors.max(), high + span / 2)
    with use_style():
        figure, axes = create_axes(4.4, 3.6)
        axes.hist(np.clip(errors, *limits), BINS, color=BLUE, alpha=0.8)
        axes.axvline(0, color=GRAY, linestyle=":", linewidth=1)
        axes.set(xlabel=f"error of {format_label(name)}: predicted − true", ylabel="rows")
    return figure


def plot_error_by_size(errors: ErrorBySize, name: str) -> "Figure":
    """Plot the mean absolute error and the bias of groups of rows with similar targets."""
    middle = np.arange(len(errors.mae))
    with use_style():
        figure, axes = create_axes(4.4, 3.6)
        axes.bar(middle, errors.mae, color=BLUE, alpha=0.8, label="mean absolute error")
        axes.plot(middle, errors.bias, "o-", color=ORANGE, label="mean of predicted − true")
        axes.axhline(0, color=GRAY, linewidth=0.8)
        axes.set_xticks(
            middle,
            [f"{high:.3g}" for high in errors.high],
            rotation=45,
            ha="right",
        )
        axes.set(xlabel=f"true {format_label(name)}, up to", ylabel="error")
        axes.legend()
    return figure
