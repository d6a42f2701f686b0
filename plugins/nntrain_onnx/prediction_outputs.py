"""Predictions after the network: classes and their probabilities, numbers, labels."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.criterion import Criterion
from nntrain.nn.output_form import OutputForm
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import TracedArray, TracedValue
from nntrain_onnx.value_info import ValueInfo

TargetState = dict[str, Any]

# Returns a free name for an output.
OutputNamer: TypeAlias = Callable[[str], str]

# The output that corresponds to a probability of one half, by the form of outputs.
HALF_THRESHOLDS: dict[OutputForm, float] = {"logits": 0.0, "log_probabilities": math.log(0.5), "probabilities": 0.5}

LABELS_MEANING = "the probability of each of the labels in the metadata"


@dataclass(frozen=True)
class PredictionOptions:
    """The criterion, which declares the form of outputs, and the decision threshold (None: one half)."""

    criterion: Criterion
    threshold: float | list[float] | None = None


def add_raw_outputs(g: ModuleGraph, y: TracedValue, name: str = "output") -> list[ValueInfo]:
    """Add the outputs as they are; those of a list are ``output.0``, ``output.1`` and so on."""
    if isinstance(y, list):
        return [feed for index, item in enumerate(y) for feed in add_raw_outputs(g, item, f"{name}.{index}")]
    kind = y.small_batch.dtype
    value = g.op("Cast", y.name, to=kind.name) if kind.kind == "f" and kind.name != "float32" else y.name
    return [name_output(g, value, ValueInfo(name, kind.name, y.shape, "output of the network"))]


def add_predictions(
    g: ModuleGraph, y: TracedArray, target: TargetState, options: PredictionOptions, used_names: Collection[str]
) -> list[ValueInfo]:
    """Add the predictions for a fitted target; names in ``used_names`` get a trailing underscore.

    CheckpointError if the criterion's form of outputs does not fit the target.
    """
    g.place = "answers"
    return OUTPUT_WRITERS[target["type"]](
        g, g.add_readout(options.criterion, y), target, options, lambda name: find_free_name(name, used_names)
    )


def add_numbers(
    g: ModuleGraph, y: TracedArray, target: TargetState, options: PredictionOptions, name_of: OutputNamer
) -> list[ValueInfo]:
    """y std + mean, exponentiated where it is a logarithm, clipped to the range of the target."""
    get_output_form(g, options.criterion, "values")
    value = g.op("Cast", y.name, to="float64")
    for kind, constant in (("Mul", target["std"]), ("Add", target["mean"])):
        value = g.op(kind, value, g.float64(constant))
    if np.any(target["log_start"]):
        value = exponentiate(g, value, np.asarray(target["log_start"]))
    for kind, limit in (("Max", target["low"]), ("Min", target["high"])):
        if np.isfinite(limit).any():
            value = g.op(kind, value, g.float64(limit))
    return [
        name_output(
            g, value, ValueInfo(name_of("prediction"), "float64", (-1, len(target["mean"])), "in the units of the file")
        )
    ]


def exponentiate(g: ModuleGraph, value: str, start: Array) -> str:
    """exp(value) where ``start`` is not 0, continued by the tangent below ln ``start``."""
    low, is_log = np.where(start > 0, start, 1.0), start > 0
    edge = g.float64(np.log(low))
    below = g.op("Mul", g.float64(low), g.op("Add", g.op("Sub", value, edge), g.float64(1.0)))
    above = g.op("Where", g.op("Less", value, edge), below, g.op("Exp", g.op("Max", value, edge)))
    return g.op("Where", g.constant(is_log), above, value)


def add_classes(
    g: ModuleGraph, y: TracedArray, target: TargetState, options: PredictionOptions, name_of: OutputNamer
) -> list[ValueInfo]:
    """The name of the most probable class (N,), and the probabilities (N, C); y may be one output for two classes."""
    form, names = get_output_form(g, options.criterion, *HALF_THRESHOLDS), target["labels"]
    if y.shape[1] < len(names):
        second = add_probabilities(g, y, form, "Sigmoid")
        p = g.op("Concat", g.op("Sub", 1.0, second), second, axis=1)
        best = g.to_integers(g.reshape(g.op("Greater", y.name, HALF_THRESHOLDS[form]), (-1,)))
    else:
        p = add_probabilities(g, y, form, "Softmax", axis=1)
        best = g.op("ArgMax", y.name, axis=1, keepdims=0)
    meaning = "the most probable class"
    if options.threshold is not None:
        best = g.to_integers(g.reshape(is_above(g, g.slice(p, 1, 1, 2), options.threshold), (-1,)))
        meaning = f"{names[1]} where its probability is above {options.threshold:.6g}, else {names[0]}"
    pairs = {"keys_int64s": list(range(len(names))), "values_strings": names}
    words = g.op("LabelEncoder", best, domain="ai.onnx.ml", **pairs)
    prediction = name_output(g, words, ValueInfo(name_of("prediction"), "string", (-1,), meaning))
    return [
        prediction,
        name_output(g, p, ValueInfo(name_of("probabilities"), "float32", (-1, len(names)), LABELS_MEANING)),
    ]


def add_labels(
    g: ModuleGraph, y: TracedArray, target: TargetState, options: PredictionOptions, name_of: OutputNamer
) -> list[ValueInfo]:
    """Whether each label's probability is above one half or its threshold, and the probabilities, both (N, L)."""
    form = get_output_form(g, options.criterion, *HALF_THRESHOLDS)
    p = add_probabilities(g, y, form, "Sigmoid")
    limit = options.threshold
    predicted = g.op("Greater", y.name, HALF_THRESHOLDS[form]) if limit is None else is_above(g, p, limit)
    meaning = "whether the row has each of the labels in the metadata"
    prediction = name_output(g, predicted, ValueInfo(name_of("prediction"), "bool", y.shape, meaning))
    return [
        prediction,
        name_output(g, p, ValueInfo(name_of("probabilities"), "float32", (-1, y.shape[1]), LABELS_MEANING)),
    ]


def is_above(g: ModuleGraph, p: str, threshold: float | list[float]) -> str:
    """p > threshold, compared in double precision, as in nntrain."""
    return g.op("Greater", g.op("Cast", p, to="float64"), g.float64(threshold))


def get_output_form(g: ModuleGraph, criterion: Criterion, *forms: OutputForm) -> OutputForm:
    """Return the form of the outputs. CheckpointError unless it is one of ``forms``."""
    form = criterion.output_form
    if form not in forms:
        raise g.create_error(
            f"criterion: expected an output_form of {' or '.join(forms)}, got {form} of {criterion.label()}"
        )
    return form


def add_probabilities(g: ModuleGraph, y: TracedArray, form: OutputForm, kind: str, **attributes: Any) -> str:
    """Add the probabilities; ``kind`` is the operator that computes them from logits."""
    if form == "logits":
        return g.op(kind, y.name, **attributes)
    return g.op("Exp", y.name) if form == "log_probabilities" else y.name


OUTPUT_WRITERS: dict[
    str, Callable[[ModuleGraph, TracedArray, TargetState, PredictionOptions, OutputNamer], list[ValueInfo]]
] = {
    "ClassTarget": add_classes,
    "FlagTarget": add_labels,
    "ListTarget": add_labels,
    "NumberTarget": add_numbers,
}


def name_output(g: ModuleGraph, name: str, feed: ValueInfo) -> ValueInfo:
    """Name a value as an output."""
    g.rename(name, feed.name)
    return feed


def find_free_name(name: str, used_names: Collection[str]) -> str:
    """Return the name, with underscores appended until it is unused."""
    while name in used_names:
        name += "_"
    return name
