"""What a network's outputs mean, behind the network: classes and their probabilities, numbers, labels."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from nntrain_onnx.feed import Feed
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.wire import Flow, Wire

__all__ = ["answered", "bare"]

State = dict[str, Any]


def bare(g: ModuleGraph, y: Flow, name: str = "output") -> list[Feed]:
    """The outputs as they are; those of a table are ``output.0``, ``output.1`` and so on."""
    if isinstance(y, list):
        return [feed for index, item in enumerate(y) for feed in bare(g, item, f"{name}.{index}")]
    return [put(g, y.name, Feed(name, y.few.dtype.name, y.shape, "what the network gives"))]


def answered(
    g: ModuleGraph,
    y: Wire,
    target: State,
    criterion: str,
    taken: Collection[str],
    threshold: float | list[float] | None = None,
) -> list[Feed]:
    """The predictions for a fitted target; names that are ``taken`` get a line behind them.

    ``threshold``: the probability above which the second of two classes, or each label, is predicted.
    """
    g.place = "answers"
    prediction, probabilities = (free(name, taken) for name in ("prediction", "probabilities"))
    if target["type"] == "NumberTarget":
        return [numbers(g, y, target, prediction)]
    if target["type"] == "ClassTarget":
        p, feed = classes(g, y, target["labels"], criterion, prediction, threshold)
    else:
        p, feed = labels(g, y, criterion, prediction, threshold)
    width = len(target["labels"]) if target["type"] == "ClassTarget" else y.shape[1]
    meaning = "the probability of each of the labels in the metadata"
    return [feed, put(g, p, Feed(probabilities, "float32", (-1, width), meaning))]


def numbers(g: ModuleGraph, y: Wire, target: State, name: str) -> Feed:
    """y std + mean."""
    value = g.op("Cast", y.name, to="float64")
    for kind, constant in (("Mul", target["std"]), ("Add", target["mean"])):
        value = g.op(kind, value, g.constant(np.asarray(constant, np.float64)))
    return put(g, value, Feed(name, "float64", (-1, len(target["mean"])), "in the units of the file"))


def classes(
    g: ModuleGraph, y: Wire, names: list[str], criterion: str, name: str, threshold: float | list[float] | None
) -> tuple[str, Feed]:
    """The probabilities (N, C), and the name of the most probable class (N,)."""
    if criterion == "BCECriterion" and len(names) == 2:
        p = g.op("Concat", g.op("Sub", 1.0, y.name), y.name, axis=1)
        best = g.whole(g.reshape(g.op("Greater", y.name, 0.5), (-1,)))
    else:
        p = g.op("Exp", y.name) if criterion == "ClassNLLCriterion" else g.op("Softmax", y.name, axis=1)
        best = g.op("ArgMax", y.name, axis=1, keepdims=0)
    meaning = "the most probable class"
    if threshold is not None:
        best = g.whole(g.reshape(above(g, g.slice(p, 1, 1, 2), threshold), (-1,)))
        meaning = f"{names[1]} where its probability is above {threshold:.6g}, else {names[0]}"
    pairs = {"keys_int64s": list(range(len(names))), "values_strings": names}
    words = g.op("LabelEncoder", best, domain="ai.onnx.ml", **pairs)
    return p, put(g, words, Feed(name, "string", (-1,), meaning))


def labels(
    g: ModuleGraph, y: Wire, criterion: str, name: str, threshold: float | list[float] | None
) -> tuple[str, Feed]:
    """The probabilities (N, L), and which of them are above a half, or above their thresholds."""
    p, limit = (y.name, 0.5) if criterion == "BCECriterion" else (g.op("Sigmoid", y.name), 0.0)
    said = g.op("Greater", y.name, limit) if threshold is None else above(g, p, threshold)
    meaning = "whether the row has each of the labels in the metadata"
    return p, put(g, said, Feed(name, "bool", y.shape, meaning))


def above(g: ModuleGraph, p: str, threshold: float | list[float]) -> str:
    """p > threshold, in double precision, as nntrain compares them."""
    return g.op("Greater", g.op("Cast", p, to="float64"), g.constant(np.asarray(threshold, np.float64)))


def put(g: ModuleGraph, name: str, feed: Feed) -> Feed:
    """Give a value the name of an output."""
    g.rename(name, feed.name)
    return feed


def free(name: str, taken: Collection[str]) -> str:
    """A name that no column has."""
    while name in taken:
        name += "_"
    return name
