"""The scalings of number columns, in double precision."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain_onnx.module_graph import ModuleGraph

ColumnState = dict[str, Any]

# As in ``RobustNumberColumn``.
BOUND, MAX_SCALED = 3.0, 1e9


def standardize_float64(g: ModuleGraph, name: str, mean: Any, std: Any) -> str:
    """(x − mean) / std in double precision, so that numbers such as years keep their digits."""
    return g.op("Div", g.op("Sub", name, g.float64(mean)), g.float64(std))


def add_number(g: ModuleGraph, name: str, column: ColumnState) -> list[Any]:
    """(x − mean) / std clipped to [low, high], 0 where missing; and a missing indicator."""
    limits = (g.float64(column[limit]) for limit in ("low", "high"))
    value = g.op("Clip", standardize_float64(g, name, column["mean"], column["std"]), *limits)
    return replace_missing(g, name, g.op("Cast", value, to="float32"), column["with_missing"])


def add_robust_number(g: ModuleGraph, name: str, column: ColumnState) -> list[Any]:
    """z / √(1 + (z / 3)²), z = (x − median) / scale, 0 where missing; and a missing indicator."""
    z = standardize_float64(g, name, column["median"], column["scale"])
    z = g.op("Clip", z, g.float64(-MAX_SCALED), g.float64(MAX_SCALED))
    third = g.op("Div", z, g.float64(BOUND))
    root = g.op("Sqrt", g.op("Add", g.op("Mul", third, third), g.float64(1.0)))
    value = g.op("Cast", g.op("Div", z, root), to="float32")
    return replace_missing(g, name, value, column["with_missing"])


def add_quantile_number(g: ModuleGraph, name: str, column: ColumnState) -> list[Any]:
    """The interpolated score of the quantiles, 0 where missing; and a missing indicator."""
    quantiles, scores = (np.array(column[key], np.float64) for key in ("quantiles", "scores"))
    if len(quantiles) == 1:
        quantiles, scores = np.append(quantiles, np.nextafter(quantiles, np.inf)), np.repeat(scores, 2)
    x = g.op("Clip", name, *(g.float64(quantiles[end]) for end in (0, -1)))
    index = add_search(g, x, quantiles[1:-1])
    slopes = np.diff(scores) / np.diff(quantiles)
    quantile, score, slope = (g.op("Gather", g.constant(values), index) for values in (quantiles, scores, slopes))
    y = g.op("Add", score, g.op("Mul", slope, g.op("Sub", x, quantile)))
    return replace_missing(g, name, g.op("Cast", y, to="float32"), column["with_missing"])


def add_search(g: ModuleGraph, name: str, points: Array) -> str:
    """The number of ``points``, which are ascending, that are at most x, by bisection: int64 of the shape of x."""
    steps = max(len(points).bit_length(), 1)
    padded = g.constant(np.append(points, np.full(2**steps - 1 - len(points), np.inf)))
    count = ""
    for size in (2**step for step in reversed(range(steps))):
        offset = np.array(size - 1)
        point = g.op("Gather", padded, g.op("Add", count, offset) if count else offset)
        gain = g.op("Mul", g.to_integers(g.op("LessOrEqual", point, name)), np.array(size))
        count = g.op("Add", count, gain) if count else gain
    return count


def replace_missing(g: ModuleGraph, name: str, value: str, flagged: bool) -> list[Any]:
    """``value``, 0 where ``name`` is NaN; and if ``flagged``, a missing indicator."""
    missing = g.op("IsNaN", name)
    inputs = [(g.op("Where", missing, 0.0, value), 1)]
    return [*inputs, (g.op("Cast", missing, to="float32"), 1)] if flagged else inputs
