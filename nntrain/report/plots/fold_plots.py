"""Plots of a cross-validation: the score of each fold, and the curves of all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nntrain.report.plots.drawing import BLUE, GRAY, ORANGE, create_axes, format_label, use_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_fold_scores(scores: Sequence[float], name: str) -> "Figure":
    """Plot the score of each fold, with their mean."""
    with use_style():
        figure, axes = create_axes(4.4, 3.0)
        folds = np.arange(1, len(scores) + 1)
        axes.axhline(float(np.mean(scores)), color=GRAY, linestyle="--", linewidth=1, label="mean")
        axes.plot(folds, scores, "o", color=BLUE, label="fold")
        axes.set_xticks(folds)
        axes.set(xlabel="fold", ylabel=format_label(name))
        axes.legend()
    return figure


def plot_fold_curves(curves: Sequence[Sequence[float]], name: str) -> "Figure":
    """Plot a value over the epochs of each fold."""
    with use_style():
        figure, axes = create_axes(4.4, 3.0)
        for number, values in enumerate(curves):
            label = "validation, one line for each fold" if number == 0 else None
            marker = "o" if len(values) < 3 else ""
            axes.plot(
                range(1, len(values) + 1), values, color=ORANGE, alpha=0.7, linewidth=1.2, marker=marker, label=label
            )
        axes.set(xlabel="epoch", ylabel=format_label(name))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend()
    return figure
