"""The fitted preprocessing of rows before the network, written from the state of the schema."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import CheckpointError
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.onnx_graph import ValueInfo
from nntrain_onnx.scaled_numbers import (
    ColumnState,
    add_number,
    add_quantile_number,
    add_robust_number,
    replace_missing,
    standardize_float64,
)
from nntrain_onnx.traced_array import TracedArray, TracedValue

DAY, WEEK, YEAR = 86400.0, 7.0, 365.2425


def add_preprocessing(g: ModuleGraph, schema: ColumnState) -> tuple[list[ValueInfo], TracedValue]:
    """Add the preprocessing; return the inputs of the graph, and the input of the network."""
    g.place = "rows"
    feeds, x = SCHEMA_WRITERS[schema["type"]](g, schema)
    g.place = ""
    return feeds, x


def create_batch(name: str, *sizes: int, dtype: type = np.float32) -> TracedArray:
    """Return a traced array whose rows have these sizes."""
    return TracedArray(name, np.zeros((2, *sizes), dtype), np.zeros((3, *sizes), dtype))


def add_arrays(g: ModuleGraph, schema: ColumnState) -> tuple[list[ValueInfo], TracedValue]:
    """(inputs − mean) / std, 0 where they are NaN; then a missing indicator for each flagged feature."""
    shape = tuple(schema["shape"])
    if schema["of_bytes"]:
        feed = ValueInfo("inputs", "uint8", (-1, *shape), "brightness from 0 to 255")
        name = g.op("Div", g.op("Cast", feed.name, to="float32"), schema["std"])
    else:
        feed = ValueInfo("inputs", "float64", (-1, *shape), "numbers as in the training file, NaN where missing")
        name = g.op("Cast", standardize_float64(g, feed.name, schema["mean"], schema["std"]), to="float32")
        missing = g.op("IsNaN", feed.name)
        name = g.op("Where", missing, 0.0, name)
        if flagged := schema.get("flagged"):
            flags = g.op("Gather", g.op("Cast", missing, to="float32"), g.constant(np.array(flagged, np.int64)), axis=1)
            return [feed], create_batch(g.op("Concat", name, flags, axis=1), shape[0] + len(flagged))
    return [feed], create_batch(name, *shape)


def add_table(g: ModuleGraph, schema: ColumnState) -> tuple[list[ValueInfo], TracedValue]:
    """The concatenated columns, then the codes of each index column."""
    feeds, dense, indices = [], [], []
    for column in schema["columns"]:
        if column["type"] not in COLUMN_WRITERS:
            problem = f"column {column['name']!r} is free text, and ONNX has no operator to hash words"
            raise CheckpointError(f"{g.where}: {problem}; predict with nntrain, or train without the column")
        write, dtype, meaning = COLUMN_WRITERS[column["type"]]
        feeds.append(ValueInfo(column["name"], dtype, (-1, 1), meaning))
        found = write(g, column["name"], column)
        if isinstance(found, TracedArray):
            indices.append(found)
        else:
            dense += found
    if not dense:
        return feeds, indices
    joined = g.op("Concat", *(name for name, _ in dense), axis=1)
    x = create_batch(joined, sum(width for _, width in dense))
    return feeds, [x, *indices] if indices else x


def add_boolean(g: ModuleGraph, name: str, column: ColumnState) -> list[Any]:
    """2 x − 1."""
    value = g.op("Sub", g.op("Mul", g.op("Cast", name, to="float32"), 2.0), 1.0)
    return replace_missing(g, name, value, column["with_missing"])


def add_codes(g: ModuleGraph, name: str, column: ColumnState) -> tuple[str, int]:
    """The code of each string, (N, 1), and the number of codes."""
    labels = [*column["labels"], *([""] if column["with_missing"] else [])]
    values = list(range(1, len(labels) + 1))
    if not labels:
        labels, values = [""], [0]
    attributes = {"keys_strings": labels, "values_int64s": values, "default_int64": 0}
    return g.op("LabelEncoder", name, domain="ai.onnx.ml", **attributes), max(values) + 1


def add_one_hot(g: ModuleGraph, name: str, column: ColumnState) -> list[Any]:
    """A 1 at the code; code 0, for unseen values, has an input only if rare categories trained it."""
    code, count = add_codes(g, name, column)
    rows: Array = np.eye(count, dtype=np.float32)[:, 0 if column["rare"] else 1 :]
    width = rows.shape[1]
    return [(g.reshape(g.op("Gather", rows, code, axis=0), (-1, width)), width)]


def add_index(g: ModuleGraph, name: str, column: ColumnState) -> TracedArray:
    """The code itself, as a separate input of the network."""
    code, _ = add_codes(g, name, column)
    return create_batch(g.reshape(code, (-1,)), dtype=np.int64)


def add_time(g: ModuleGraph, name: str, column: ColumnState) -> list[Any]:
    """Standardized seconds; sin and cos of the fractions of the year, the week and the day."""
    days = g.op("Floor", g.op("Div", name, g.float64(DAY)))
    week = add_remainder(g, g.op("Add", days, g.float64(3.0)), WEEK)
    fractions = [
        g.op("Div", compute_day_of_year(g, days), g.float64(YEAR)),
        g.op("Div", week, g.float64(WEEK)),
    ]
    if column["with_day"]:
        fractions.append(g.op("Div", add_remainder(g, name, DAY), g.float64(DAY)))
    circles = []
    for fraction in fractions:
        angle = g.op("Cast", g.op("Mul", fraction, g.float64(2 * np.pi)), to="float32")
        circles += [replace_missing(g, name, g.op(wave, angle), flagged=False)[0] for wave in ("Sin", "Cos")]
    return [*add_number(g, name, column["seconds"]), *circles]


def add_remainder(g: ModuleGraph, name: str, size: float) -> str:
    """x − size ⌊x / size⌋."""
    return g.op("Sub", name, g.op("Mul", g.op("Floor", g.op("Div", name, g.float64(size))), g.float64(size)))


def compute_day_of_year(g: ModuleGraph, days: str) -> str:
    """Days since January 1, from days since 1970.

    Years are counted from March, so that leap days come last: 146,097 days are 400 years.
    Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and its inverse.
    """

    def floor_divide(name: str, size: float) -> str:
        return g.op("Floor", g.op("Div", name, g.float64(size)))

    def subtract(name: str, *others: tuple[str, float]) -> str:
        for other, factor in others:
            name = g.op("Sub", name, g.op("Mul", other, g.float64(factor)))
        return name

    since = g.op("Add", days, g.float64(719468.0))
    era = floor_divide(since, 146097.0)
    day = subtract(since, (era, 146097.0))
    leap_days = ((floor_divide(day, n), sign) for n, sign in ((1460.0, 1.0), (36524.0, -1.0), (146096.0, 1.0)))
    year = floor_divide(subtract(day, *leap_days), 365.0)
    from_march = subtract(day, (year, 365.0), (floor_divide(year, 4.0), 1.0), (floor_divide(year, 100.0), -1.0))
    # A year of the era is a leap year if 4 divides it, and 100 does not unless it is 0: then 60 days precede March.
    fourth, century = (g.op("Equal", add_remainder(g, year, size), g.float64(0.0)) for size in (4.0, 100.0))
    leap = g.op("And", fourth, g.op("Or", g.op("Not", century), g.op("Equal", year, g.float64(0.0))))
    before_march = g.op("Add", g.op("Cast", leap, to="float64"), g.float64(59.0))
    late = g.op("GreaterOrEqual", from_march, g.float64(306.0))
    # January starts 306 days after March 1.
    return g.op("Add", from_march, g.op("Where", late, g.float64(-306.0), before_march))


NUMBER = "a number, NaN where missing"
STRING = "a string, empty where missing"

# By the type of a column: the writer, and the type and the meaning of the input.
COLUMN_WRITERS: dict[str, tuple[Callable[[ModuleGraph, str, ColumnState], list[Any] | TracedArray], str, str]] = {
    "BooleanColumn": (add_boolean, "float64", "1 for true, 0 for false, NaN where missing"),
    "IndexColumn": (add_index, "string", STRING),
    "NumberColumn": (add_number, "float64", NUMBER),
    "OneHotColumn": (add_one_hot, "string", STRING),
    "QuantileNumberColumn": (add_quantile_number, "float64", NUMBER),
    "RobustNumberColumn": (add_robust_number, "float64", NUMBER),
    "TimeColumn": (add_time, "float64", "seconds since 1970-01-01 00:00, NaN where missing"),
}

SCHEMA_WRITERS: dict[str, Callable[[ModuleGraph, ColumnState], tuple[list[ValueInfo], TracedValue]]] = {
    "ArraySchema": add_arrays,
    "Schema": add_table,
}
