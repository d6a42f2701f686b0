"""The curves of several runs in one plot."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nntrain.report.plots.drawing import SERIES_COLORS, create_axes, format_label, use_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_run_curves(curves: Mapping[str, Sequence[float | None]], label: str) -> "Figure":
    """Plot a value over the epochs of each run."""
    with use_style():
        figure, axes = create_axes(4.6, 3.2)
        for number, (name, values) in enumerate(curves.items()):
            known = [float("nan") if value is None else value for value in values]
            color, style = (
                SERIES_COLORS[number % len(SERIES_COLORS)],
                ("-", "--", ":")[number // len(SERIES_COLORS) % 3],
            )
            axes.plot(range(1, len(known) + 1), known, style, color=color, label=format_label(name))
        axes.set(xlabel="epoch", ylabel=format_label(label))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend()
    return figure
