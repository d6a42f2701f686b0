"""Plot of the growth table."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from importlib.util import find_spec

from benchmarks.comparison import Row, Settings

__all__ = ["curves", "draw"]

NAME = "growth.png"

# x, measured milliseconds, and milliseconds in proportion (NaN for the first).
Curve = list[tuple[int, float, float]]


def draw(rows: Sequence[Row], settings: Settings) -> list[str]:
    """Write the plot to the results folder and the folder of --plots; return a line for the page."""
    if find_spec("matplotlib") is None:
        return ["No plot: matplotlib is not installed."]
    from matplotlib.figure import Figure

    found = curves(rows)
    figure = Figure(figsize=(4 * len(found), 3.2), layout="constrained")
    for axes, (axis, curve) in zip(figure.subplots(1, len(found), squeeze=False)[0], found.items(), strict=True):
        xs, measured, expected = zip(*curve, strict=True)
        axes.loglog(xs, measured, "o-", label="measured")
        axes.loglog(xs, expected, "x", label="in proportion")
        axes.set_xlabel(axis)
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("ms")
    figure.axes[0].legend()
    path = settings.out / NAME
    figure.savefig(path, dpi=72)
    if settings.plots is not None:
        shutil.copyfile(path, settings.plots / NAME)
    return [f"![Time as rows, width, depth and the batch grow]({NAME})"]


def curves(rows: Sequence[Row]) -> dict[str, Curve]:
    """Return the measurements along each axis."""
    found: dict[str, Curve] = {}
    for row in rows:
        axis, _, x = row.case.name.rpartition(": ")
        point = int(x.replace(",", "")), row.medians["measured"], row.medians.get("in proportion", math.nan)
        found.setdefault(axis, []).append(point)
    return found
