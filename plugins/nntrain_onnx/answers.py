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


def answered(g: ModuleGraph, y: Wire, target: State, criterion: str, taken: Collection[str]) -> list[Feed]:
    """The predictions for a fitted target; names that are ``taken`` get a line behind them."""
    g.place = "answers"
    prediction, probabilities = (free(name, taken) for name in ("prediction", "probabilities"))
    if target["type"] == "NumberTarget":
        value = g.op("Cast", y.name, to="float64")
        for kind, numbers in (("Mul", target["std"]), ("Add", target["mean"])):
            value = g.op(kind, value, g.constant(np.asarray(numbers, np.float64)))
        return [put(g, value, Feed(prediction, "float64", (-1, len(target["mean"])), "in the units of the file"))]
    if target["type"] == "ClassTarget":
        p, best = classes(g, y, criterion, len(target["labels"]))
        attributes = {"keys_int64s": list(range(len(target["labels"]))), "values_strings": target["labels"]}
        label = g.op("LabelEncoder", best, domain="ai.onnx.ml", **attributes)
        feed = Feed(prediction, "string", (-1,), "the most probable class")
        columns = Feed(probabilities, "float32", (-1, len(target["labels"])), "of each class")
        return [put(g, label, feed), put(g, p, columns)]
    p = y.name if criterion == "BCECriterion" else g.op("Sigmoid", y.name)
    feed = Feed(prediction, "bool", y.shape, "whether the row has each label")
    return [
        put(g, g.op("Greater", p, 0.5), feed),
        put(g, p, Feed(probabilities, "float32", y.shape, "of each label")),
    ]


def classes(g: ModuleGraph, y: Wire, criterion: str, count: int) -> tuple[str, str]:
    """The probabilities (N, C), and the number of the most probable class (N,)."""
    if criterion == "BCECriterion" and count == 2:
        p = g.op("Concat", g.op("Sub", 1.0, y.name), y.name, axis=1)
        return p, g.whole(g.reshape(g.op("Greater", y.name, 0.5), (-1,)))
    p = g.op("Exp", y.name) if criterion == "ClassNLLCriterion" else g.op("Softmax", y.name, axis=1)
    return p, g.op("ArgMax", y.name, axis=1, keepdims=0)


def put(g: ModuleGraph, name: str, feed: Feed) -> Feed:
    """Give a value the name of an output."""
    g.rename(name, feed.name)
    return feed


def free(name: str, taken: Collection[str]) -> str:
    """A name that no column has."""
    while name in taken:
        name += "_"
    return name
