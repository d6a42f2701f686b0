"""The preprocessing of rows, as it was fitted in training, in front of the network.

It is written from the ``state`` of the schema, of which a checkpoint holds the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import CheckpointError
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import TracedArray, TracedValue
from nntrain_onnx.value_info import ValueInfo

__all__ = ["add_preprocessing", "create_batch"]

ColumnState = dict[str, Any]

DAY, WEEK, YEAR = 86400.0, 7.0, 365.2425


def add_preprocessing(g: ModuleGraph, schema: ColumnState) -> tuple[list[ValueInfo], TracedValue]:
    """The inputs of the graph, and what the network is given for them."""
    g.place = "rows"
    feeds, x = SCHEMA_WRITERS[schema["type"]](g, schema)
    g.place = ""
    return feeds, x


def create_batch(name: str, *sizes: int, dtype: type = np.float32) -> TracedArray:
    """A wire whose rows have these sizes."""
    return TracedArray(name, np.zeros((2, *sizes), dtype), np.zeros((3, *sizes), dtype))


def add_arrays(g: ModuleGraph, schema: ColumnState) -> tuple[list[ValueInfo], TracedValue]:
    """(inputs − mean) / std, 0 where they are NaN; then for each flagged feature whether it is."""
    shape = tuple(schema["shape"])
    if schema["of_bytes"]:
        feed = ValueInfo("inputs", "uint8", (-1, *shape), "brightness from 0 to 255")
        name = g.op("Div", g.op("Cast", feed.name, to="float32"), schema["std"])
    else:
        feed = ValueInfo(
            "inputs", "float64", (-1, *shape), "numbers as in the file of training, NaN where they are missing"
        )
        name = g.op("Cast", standardize_float64(g, feed.name, schema["mean"], schema["std"]), to="float32")
        missing = g.op("IsNaN", feed.name)
        name = g.op("Where", missing, 0.0, name)
        if flagged := schema.get("flagged"):
            flags = g.op("Gather", g.op("Cast", missing, to="float32"), g.constant(np.array(flagged, np.int64)), axis=1)
            return [feed], create_batch(g.op("Concat", name, flags, axis=1), shape[0] + len(flagged))
    return [feed], create_batch(name, *shape)


def standardize_float64(g: ModuleGraph, name: str, mean: Any, std: Any) -> str:
    """(x − mean) / std in double precision: numbers such as years keep their digits."""
    return g.op("Div", g.op("Sub", name, add_float64(g, mean)), add_float64(g, std))


def add_float64(g: ModuleGraph, value: Any) -> str:
    """A constant in double precision."""
    return g.constant(np.asarray(value, np.float64))


def add_table(g: ModuleGraph, schema: ColumnState) -> tuple[list[ValueInfo], TracedValue]:
    """The columns side by side, then the codes of each index column."""
    feeds, dense, indices = [], [], []
    for column in schema["columns"]:
        if column["type"] not in COLUMN_WRITERS:
            what = f"column {column['name']!r} is free text, for whose hashed words ONNX has no operator"
            raise CheckpointError(f"{g.where}: {what}; predict with nntrain, or train without the column")
        feed, found = COLUMN_WRITERS[column["type"]](g, column)
        feeds.append(feed)
        if isinstance(found, TracedArray):
            indices.append(found)
        else:
            dense += found
    if not dense:
        return feeds, indices
    joined = g.op("Concat", *(name for name, _ in dense), axis=1)
    x = create_batch(joined, sum(width for _, width in dense))
    return feeds, [x, *indices] if indices else x


def add_number(g: ModuleGraph, column: ColumnState) -> tuple[ValueInfo, list[Any]]:
    """(x − mean) / std within [low, high]; 0 and a 1 beside it where it is missing."""
    feed = ValueInfo(column["name"], "float64", (-1, 1), "a number, NaN where it is missing")
    return feed, standardize(g, feed.name, column)


def standardize(g: ModuleGraph, name: str, column: ColumnState) -> list[Any]:
    """The inputs of a column of numbers."""
    limits = (add_float64(g, column[limit]) for limit in ("low", "high"))
    value = g.op("Clip", standardize_float64(g, name, column["mean"], column["std"]), *limits)
    return replace_missing(g, name, g.op("Cast", value, to="float32"), column["with_missing"])


def replace_missing(g: ModuleGraph, name: str, value: str, flagged: bool) -> list[Any]:
    """``value``, 0 where ``name`` is NaN; and if ``flagged`` whether it is."""
    missing = g.op("IsNaN", name)
    inputs = [(g.op("Where", missing, 0.0, value), 1)]
    return [*inputs, (g.op("Cast", missing, to="float32"), 1)] if flagged else inputs


def add_boolean(g: ModuleGraph, column: ColumnState) -> tuple[ValueInfo, list[Any]]:
    """2 x − 1."""
    feed = ValueInfo(column["name"], "float64", (-1, 1), "1 for true, 0 for false, NaN where it is missing")
    value = g.op("Sub", g.op("Mul", g.op("Cast", feed.name, to="float32"), 2.0), 1.0)
    return feed, replace_missing(g, feed.name, value, column["with_missing"])


def add_codes(g: ModuleGraph, column: ColumnState) -> tuple[ValueInfo, str, int]:
    """The code of each text, (N, 1), and how many codes there are."""
    feed = ValueInfo(column["name"], "string", (-1, 1), "a text, empty where it is missing")
    labels = [*column["labels"], *([""] if column["with_missing"] else [])]
    values = list(range(1, len(labels) + 1))
    if not labels:
        labels, values = [""], [0]
    attributes = {"keys_strings": labels, "values_int64s": values, "default_int64": 0}
    return feed, g.op("LabelEncoder", feed.name, domain="ai.onnx.ml", **attributes), max(values) + 1


def add_one_hot(g: ModuleGraph, column: ColumnState) -> tuple[ValueInfo, list[Any]]:
    """A 1 at the code; code 0, what was never seen, has an input only if rare categories trained it."""
    feed, code, count = add_codes(g, column)
    rows: Array = np.eye(count, dtype=np.float32)[:, 0 if column["rare"] else 1 :]
    width = rows.shape[1]
    return feed, [(g.reshape(g.op("Gather", rows, code, axis=0), (-1, width)), width)]


def add_index(g: ModuleGraph, column: ColumnState) -> tuple[ValueInfo, TracedArray]:
    """The code itself, an input apart."""
    feed, code, _ = add_codes(g, column)
    return feed, create_batch(g.reshape(code, (-1,)), dtype=np.int64)


def add_time(g: ModuleGraph, column: ColumnState) -> tuple[ValueInfo, list[Any]]:
    """Standardised seconds; sin and cos of where in the year, the week and the day."""
    feed = ValueInfo(column["name"], "float64", (-1, 1), "seconds since 1970-01-01 00:00, NaN where it is missing")
    days = g.op("Floor", g.op("Div", feed.name, add_float64(g, DAY)))
    week = add_remainder(g, g.op("Add", days, add_float64(g, 3.0)), WEEK)
    shares = [g.op("Div", compute_day_of_year(g, days), add_float64(g, YEAR)), g.op("Div", week, add_float64(g, WEEK))]
    if column["with_day"]:
        shares.append(g.op("Div", add_remainder(g, feed.name, DAY), add_float64(g, DAY)))
    circles = []
    for share in shares:
        angle = g.op("Cast", g.op("Mul", share, add_float64(g, 2 * np.pi)), to="float32")
        circles += [replace_missing(g, feed.name, g.op(wave, angle), flagged=False)[0] for wave in ("Sin", "Cos")]
    return feed, [*standardize(g, feed.name, column["seconds"]), *circles]


def add_remainder(g: ModuleGraph, name: str, size: float) -> str:
    """x − size ⌊x / size⌋."""
    return g.op("Sub", name, g.op("Mul", g.op("Floor", g.op("Div", name, add_float64(g, size))), add_float64(g, size)))


def compute_day_of_year(g: ModuleGraph, days: str) -> str:
    """Days since the first of January, of days since 1970.

    The years are counted from March, so that the odd day comes last: 146,097 days are 400 years.
    Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and its inverse.
    """

    def whole(name: str, size: float) -> str:
        return g.op("Floor", g.op("Div", name, add_float64(g, size)))

    def less(name: str, *others: tuple[str, float]) -> str:
        for other, factor in others:
            name = g.op("Sub", name, g.op("Mul", other, add_float64(g, factor)))
        return name

    since = g.op("Add", days, add_float64(g, 719468.0))
    era = whole(since, 146097.0)
    day = less(since, (era, 146097.0))
    leapless = less(day, (whole(day, 1460.0), 1.0), (whole(day, 36524.0), -1.0), (whole(day, 146096.0), 1.0))
    year = whole(leapless, 365.0)
    of_march = less(day, (year, 365.0), (whole(year, 4.0), 1.0), (whole(year, 100.0), -1.0))
    # A year of the era that 4 divides, and 100 does not unless it is 0, is a leap year: its March follows 60 days.
    fourth, century = (g.op("Equal", add_remainder(g, year, size), add_float64(g, 0.0)) for size in (4.0, 100.0))
    leap = g.op("And", fourth, g.op("Or", g.op("Not", century), g.op("Equal", year, add_float64(g, 0.0))))
    before_march = g.op("Add", g.op("Cast", leap, to="float64"), add_float64(g, 59.0))
    late = g.op("GreaterOrEqual", of_march, add_float64(g, 306.0))
    # After the 306 days from March on comes the next January.
    return g.op("Add", of_march, g.op("Where", late, add_float64(g, -306.0), before_march))


COLUMN_WRITERS: dict[str, Callable[[ModuleGraph, ColumnState], tuple[ValueInfo, list[Any] | TracedArray]]] = {
    "BooleanColumn": add_boolean,
    "IndexColumn": add_index,
    "NumberColumn": add_number,
    "OneHotColumn": add_one_hot,
    "TimeColumn": add_time,
}

SCHEMA_WRITERS: dict[str, Callable[[ModuleGraph, ColumnState], tuple[list[ValueInfo], TracedValue]]] = {
    "ArraySchema": add_arrays,
    "Schema": add_table,
}
