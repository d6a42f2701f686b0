"""What a network's outputs mean, behind the network: classes and their probabilities, numbers, labels."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.criterion import Criterion
from nntrain.nn.output_form import OutputForm
from nntrain_onnx.feed import Feed
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.wire import Flow, Wire

__all__ = ["Asked", "answered", "bare"]

State = dict[str, Any]

# From what an output is to the name that it gets.
Called: TypeAlias = Callable[[str], str]

# What an output is where a probability is a half, by the form of outputs.
HALVES: dict[OutputForm, float] = {"logits": 0.0, "log_probabilities": math.log(0.5), "probabilities": 0.5}

MEANING = "the probability of each of the labels in the metadata"


@dataclass(frozen=True)
class Asked:
    """How predictions are read: as a criterion declares, and above which probability (None: a half)."""

    criterion: Criterion
    threshold: float | list[float] | None = None


def bare(g: ModuleGraph, y: Flow, name: str = "output") -> list[Feed]:
    """The outputs as they are; those of a table are ``output.0``, ``output.1`` and so on."""
    if isinstance(y, list):
        return [feed for index, item in enumerate(y) for feed in bare(g, item, f"{name}.{index}")]
    kind = y.few.dtype
    value = g.op("Cast", y.name, to=kind.name) if kind.kind == "f" and kind.name != "float32" else y.name
    return [put(g, value, Feed(name, kind.name, y.shape, "what the network gives"))]


def answered(g: ModuleGraph, y: Wire, target: State, asked: Asked, taken: Collection[str]) -> list[Feed]:
    """The predictions for a fitted target; names that are ``taken`` get an underscore after them.

    CheckpointError if they cannot be read from what the criterion says of its outputs.
    """
    g.place = "answers"
    return ANSWERS[target["type"]](g, g.readout(asked.criterion, y), target, asked, lambda name: free(name, taken))


def numbers(g: ModuleGraph, y: Wire, target: State, asked: Asked, called: Called) -> list[Feed]:
    """y std + mean, raised where it is a logarithm, within the range that the target allows."""
    form_of(g, asked.criterion, "values")
    value = g.op("Cast", y.name, to="float64")
    for kind, constant in (("Mul", target["std"]), ("Add", target["mean"])):
        value = g.op(kind, value, double(g, constant))
    if np.any(target["log_start"]):
        value = raised(g, value, np.asarray(target["log_start"]))
    for kind, limit in (("Max", target["low"]), ("Min", target["high"])):
        if np.isfinite(limit).any():
            value = g.op(kind, value, double(g, limit))
    return [put(g, value, Feed(called("prediction"), "float64", (-1, len(target["mean"])), "in the units of the file"))]


def raised(g: ModuleGraph, value: str, start: Array) -> str:
    """e to the value where ``start`` is not 0; below ln ``start`` the tangent there."""
    low, learned = np.where(start > 0, start, 1.0), start > 0
    edge = double(g, np.log(low))
    below = g.op("Mul", double(g, low), g.op("Add", g.op("Sub", value, edge), double(g, 1.0)))
    above = g.op("Where", g.op("Less", value, edge), below, g.op("Exp", g.op("Max", value, edge)))
    return g.op("Where", g.constant(learned), above, value)


def double(g: ModuleGraph, numbers: Any) -> str:
    """A constant in double precision."""
    return g.constant(np.asarray(numbers, np.float64))


def classes(g: ModuleGraph, y: Wire, target: State, asked: Asked, called: Called) -> list[Feed]:
    """The name of the most probable class (N,), and the probabilities (N, C), one output telling of two classes."""
    form, names = form_of(g, asked.criterion, *HALVES), target["labels"]
    if y.shape[1] < len(names):
        second = probabilities(g, y, form, "Sigmoid")
        p = g.op("Concat", g.op("Sub", 1.0, second), second, axis=1)
        best = g.whole(g.reshape(g.op("Greater", y.name, HALVES[form]), (-1,)))
    else:
        p = probabilities(g, y, form, "Softmax", axis=1)
        best = g.op("ArgMax", y.name, axis=1, keepdims=0)
    meaning = "the most probable class"
    if asked.threshold is not None:
        best = g.whole(g.reshape(above(g, g.slice(p, 1, 1, 2), asked.threshold), (-1,)))
        meaning = f"{names[1]} where its probability is above {asked.threshold:.6g}, else {names[0]}"
    pairs = {"keys_int64s": list(range(len(names))), "values_strings": names}
    words = g.op("LabelEncoder", best, domain="ai.onnx.ml", **pairs)
    prediction = put(g, words, Feed(called("prediction"), "string", (-1,), meaning))
    return [prediction, put(g, p, Feed(called("probabilities"), "float32", (-1, len(names)), MEANING))]


def labels(g: ModuleGraph, y: Wire, target: State, asked: Asked, called: Called) -> list[Feed]:
    """Which labels are probable, above a half or above their thresholds, and the probabilities, both (N, L)."""
    form = form_of(g, asked.criterion, *HALVES)
    p = probabilities(g, y, form, "Sigmoid")
    limit = asked.threshold
    said = g.op("Greater", y.name, HALVES[form]) if limit is None else above(g, p, limit)
    meaning = "whether the row has each of the labels in the metadata"
    prediction = put(g, said, Feed(called("prediction"), "bool", y.shape, meaning))
    return [prediction, put(g, p, Feed(called("probabilities"), "float32", (-1, y.shape[1]), MEANING))]


def above(g: ModuleGraph, p: str, threshold: float | list[float]) -> str:
    """p > threshold, in double precision, as nntrain compares them."""
    return g.op("Greater", g.op("Cast", p, to="float64"), g.constant(np.asarray(threshold, np.float64)))


def form_of(g: ModuleGraph, criterion: Criterion, *forms: OutputForm) -> OutputForm:
    """The form of the outputs. CheckpointError unless it is one of ``forms``."""
    form = criterion.output_form
    if form not in forms:
        raise g.error(f"criterion: expected an output_form of {' or '.join(forms)}, got {form} of {criterion.label()}")
    return form


def probabilities(g: ModuleGraph, y: Wire, form: OutputForm, kind: str, **attributes: Any) -> str:
    """The probabilities; ``kind`` is the operator that makes them of logits."""
    if form == "logits":
        return g.op(kind, y.name, **attributes)
    return g.op("Exp", y.name) if form == "log_probabilities" else y.name


ANSWERS: dict[str, Callable[[ModuleGraph, Wire, State, Asked, Called], list[Feed]]] = {
    "ClassTarget": classes,
    "FlagTarget": labels,
    "ListTarget": labels,
    "NumberTarget": numbers,
}


def put(g: ModuleGraph, name: str, feed: Feed) -> Feed:
    """Give a value the name of an output."""
    g.rename(name, feed.name)
    return feed


def free(name: str, taken: Collection[str]) -> str:
    """A name that no column has."""
    while name in taken:
        name += "_"
    return name
