"""The distributions of columns, small, one next to the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.data.tables.raw_column import RawColumn
from nntrain.report.plots.drawing import BLUE, GREEN, ORANGE, create_axes, format_label, use_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORS = {"train": BLUE, "validation": ORANGE, "test": GREEN}

# Plots in a line, bins of numbers, and bars of categories.
PER_LINE, BINS, MAX_BARS = 4, 20, 6


def plot_distributions(columns: Sequence[Mapping[str, RawColumn]]) -> "Figure":
    """Plot the distribution of each column, given by set, as fractions of the rows of the set."""
    lines = -(-len(columns) // PER_LINE)
    with use_style():
        figure, grid = create_axes(8.6, 0.5 + 1.55 * lines, nrows=lines, ncols=PER_LINE, squeeze=False)
        for axes in grid.flat[len(columns) :]:
            axes.set_visible(False)
        for axes, sets in zip(grid.flat, columns, strict=False):
            first = next(iter(sets.values()))
            (plot_numbers if first.kind in ("number", "time") else plot_categories)(axes, sets)
            axes.set_title(format_label(first.name), fontsize=8)
            axes.tick_params(labelsize=6.5, length=2)
            axes.set_yticks([])
            axes.grid(visible=False)
        figure.legend(*grid.flat[0].get_legend_handles_labels(), loc="outside upper right", ncols=3, fontsize=8)
    return figure


def plot_numbers(axes: Any, sets: Mapping[str, RawColumn]) -> None:
    """Plot histograms on common bins; the most distant 1 % of the numbers is in the outer bins."""
    known = {name: column.known for name, column in sets.items()}
    first = next(iter(sets.values()))
    if first.kind == "time":
        known = {name: values.astype("datetime64[s]").astype(np.float64) for name, values in known.items()}
    joined = np.concatenate(list(known.values()))
    if not len(joined):
        return
    low, high = np.percentile(joined, [0.5, 99.5])
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    for name, values in known.items():
        counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
        axes.stairs(counts / max(len(values), 1), edges, color=COLORS[name], linewidth=1, label=name)
    ticks = [edges[0], edges[-1]]
    axes.set_xticks(ticks, [format_end(tick, first.kind) for tick in ticks])


def format_end(value: float, kind: str) -> str:
    """Format an end of an axis."""
    return str(np.datetime64(int(value), "s"))[:10] if kind == "time" else f"{value:.4g}"


def plot_categories(axes: Any, sets: Mapping[str, RawColumn]) -> None:
    """Plot the fractions of the most frequent categories."""
    counts = {name: Counter(map(str, column.known.tolist())) for name, column in sets.items()}
    names = [name for name, _ in next(iter(counts.values())).most_common(MAX_BARS)]
    width = 0.8 / len(sets)
    for position, (set_name, found) in enumerate(counts.items()):
        total = max(sum(found.values()), 1)
        heights = [found[name] / total for name in names]
        axes.bar(np.arange(len(names)) + position * width, heights, width, color=COLORS[set_name], label=set_name)
    shown = [format_label(name) if len(name) <= 9 else f"{format_label(name)[:8]}…" for name in names]
    axes.set_xticks(np.arange(len(names)) + 0.4 - width / 2, shown, rotation=45, ha="right")
