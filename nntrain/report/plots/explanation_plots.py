"""Plots of explanations: importance of columns, partial dependence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nntrain.explanation.partial_dependence import PartialDependence
from nntrain.explanation.permutation_importance import ColumnImportance
from nntrain.report.plots.drawing import BLUE, GRAY, SERIES_COLORS, create_axes, format_label, use_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Characters of the values of a category on an axis.
MAX_TICK_LENGTH = 12


def plot_importance(columns: Sequence[ColumnImportance], score: str) -> "Figure":
    """Plot the importance of each column with its interval, the largest on top."""
    with use_style():
        figure, axes = create_axes(6.0, 1.0 + 0.26 * len(columns))
        positions = np.arange(len(columns))[::-1]
        means = np.array([column.importance for column in columns])
        lows, highs = (np.array([getattr(column, name) for column in columns]) for name in ("low", "high"))
        axes.barh(positions, means, color=BLUE, alpha=0.75, height=0.7)
        axes.errorbar(
            means, positions, xerr=[means - lows, highs - means], fmt="none", ecolor=GRAY, elinewidth=1, capsize=2
        )
        axes.axvline(0, color=GRAY, linewidth=0.8)
        axes.set_yticks(positions, [format_label(column.name) for column in columns])
        axes.set_xlabel(f"how much worse {format_label(score)} is without the column")
        axes.grid(visible=False, axis="y")
    return figure


def plot_dependence(found: PartialDependence) -> "Figure":
    """Plot the mean prediction over the values of a column, and the curves of single rows."""
    with use_style():
        figure, axes = create_axes(4.2, 3.2)
        if len(found.outputs) == 1:
            axes.plot(found.positions, found.curves.T, color=GRAY, linewidth=0.5, alpha=0.5)
        for color, name, means in zip(SERIES_COLORS, found.outputs, found.means.T, strict=False):
            axes.plot(found.positions, means, color=color, label=format_label(name), marker=".", markersize=4)
        if found.kind in ("text", "boolean"):
            ticks = [
                value if len(value) <= MAX_TICK_LENGTH else f"{value[: MAX_TICK_LENGTH - 1]}…"
                for value in map(format_label, found.values)
            ]
            axes.set_xticks(found.positions, ticks, rotation=60, ha="right")
        elif found.kind == "time":
            some = np.unique(np.linspace(0, len(found.values) - 1, 5).astype(int))
            axes.set_xticks(found.positions[some], [found.values[k][:10] for k in some])
        axes.set(xlabel=format_label(found.name), ylabel="mean prediction")
        axes.legend()
    return figure
