"""Curves over epochs: loss, metrics and learning rate."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nntrain.report.plots.drawing import BLUE, GRAY, GREEN, ORANGE, create_axes, use_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORS = {"train": BLUE, "validation": ORANGE}


def plot_curves(
    epochs: Sequence[int], curves: Mapping[str, Sequence[float | None]], label: str, best: int | None
) -> "Figure":
    """Plot a value over epochs for each set; ``best``: the epoch of the best network."""
    with use_style():
        figure, axes = create_axes()
        for name, values in curves.items():
            known = [float("nan") if value is None else value for value in values]
            # A single epoch would be an invisible line.
            axes.plot(epochs, known, color=COLORS.get(name, GREEN), label=name, marker="o" if len(epochs) < 3 else "")
        if best is not None:
            axes.axvline(best, color=GRAY, linestyle="--", linewidth=1, label=f"best epoch: {best}")
        axes.set_xlabel("epoch")
        axes.set_ylabel(label)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend()
    return figure
