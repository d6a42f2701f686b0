"""How predictions depend on one column."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array, Value
from nntrain.data.tables.cell_format import format_cell
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.explanation.column_span import ColumnSpan
from nntrain.explanation.dataset_rows import space_evenly, take_rows
from nntrain.explanation.explained_output import name_outputs
from nntrain.explanation.permutation_importance import collect_outputs
from nntrain.formatting import format_significant
from nntrain.training.trained_network import TrainedNetwork, count_rows

# Values of a column, rows that are averaged, rows with a curve of their own, and predicted classes.
MAX_VALUES, MAX_ROWS, MAX_CURVES, MAX_OUTPUTS = 20, 500, 30, 5

# Digits of the values of a column of numbers.
VALUE_DIGITS = 6


@dataclass(frozen=True)
class PartialDependence:
    """The mean prediction if all rows had the same value of a column, and curves of single rows (ICE).

    Shapes:
        values (v,) of the column; outputs: k names; means (v, k); curves (c, v) of the first output
    """

    name: str
    kind: ValueKind
    values: list[str]
    positions: Array
    outputs: list[str]
    means: Array
    curves: Array


def compute_partial_dependence(
    network: TrainedNetwork, inputs: Value, span: ColumnSpan, training: RawColumn, max_rows: int = MAX_ROWS
) -> PartialDependence:
    """Return the dependence on a column, for values of its training rows ``training`` as they were read.

    Numbers and times: quantiles; categories: the most frequent. ``inputs``: encoded rows, of which evenly spaced ones
    are used, and may be streamed. The prediction is the probability of the positive class, of each of the first classes
    or labels, or the numbers in the units of the target.
    Source: Friedman, "Greedy function approximation", 2001, section 8.2; Goldstein et al., "Peeking inside the black
    box", 2015, for the curves of single rows.
    """
    grid = choose_values(training)
    encoded = span.encode(RawColumn(training.name, training.kind, grid))
    some = take_rows(inputs, space_evenly(count_rows(inputs), max_rows))
    rows = count_rows(some)
    predicted = []
    for value in encoded:
        filled = np.broadcast_to(value, (rows, *np.shape(value)))
        predicted.append(to_predictions(network, collect_outputs(network, span.replace(some, filled))))
    stacked = np.stack(predicted)  # (v, rows, k)
    return PartialDependence(
        span.name,
        training.kind,
        [format_value(value, training.kind) for value in grid],
        to_positions(grid, training.kind),
        name_predictions(network),
        stacked.mean(axis=1),
        stacked[:, space_evenly(rows, MAX_CURVES), 0].T,
    )


def choose_values(training: RawColumn) -> Array:
    """Return the values of the column for which predictions are made: at most ``MAX_VALUES``."""
    known = training.known
    if training.kind == "text":
        counts = Counter(known.tolist()).most_common(MAX_VALUES)
        values = np.empty(len(counts), object)
        values[:] = [value for value, _ in counts]
        return values
    distinct = np.unique(known)
    if len(distinct) <= MAX_VALUES:
        return distinct
    order = np.sort(known)
    return np.unique(order[np.linspace(0, len(order) - 1, MAX_VALUES).round().astype(np.intp)])


def to_positions(values: Array, kind: ValueKind) -> Array:
    """Return where the values are on an axis: numbers and times by value, categories one after the other."""
    if kind == "number":
        return values.astype(np.float64)
    return (
        values.astype("datetime64[s]").astype(np.float64)
        if kind == "time"
        else np.arange(len(values), dtype=np.float64)
    )


def format_value(value: object, kind: ValueKind) -> str:
    """Format a value of a column, numbers with fewer digits than in the file."""
    return format_significant(float(str(value)), VALUE_DIGITS) if kind == "number" else format_cell(value, kind)


def to_predictions(network: TrainedNetwork, outputs: Array) -> Array:
    """Return the predictions (n, k) whose means are shown."""
    task = network.task
    if task.target.task == "regression":
        return task.to_metric_predictions(outputs, "numbers")[:, :MAX_OUTPUTS]
    p = task.to_metric_predictions(outputs, "probabilities").astype(np.float64)
    return p[:, 1:] if task.target.task == "classification" and p.shape[1] == 2 else p[:, :MAX_OUTPUTS]


def name_predictions(network: TrainedNetwork) -> list[str]:
    """Return the names of ``to_predictions``."""
    names = name_outputs(network.task)
    return names[1:] if network.task.target.task == "classification" and len(names) == 2 else names[:MAX_OUTPUTS]
