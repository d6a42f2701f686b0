"""Layers for tables."""

from typing import Any

import numpy as np

from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray, get_names


def select_columns(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("Gather", x.name, m.columns, axis=1)


def piecewise_linear_encoding(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    position = g.op("Sub", g.op("Gather", x.name, m.column, axis=1), m.lower)
    return g.op("Clip", g.op("Mul", position, m.inverse), 0.0, 1.0)


def periodic_embedding(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    """[x, L cos(2π x w + b) + c], computed as (n, N, F) and (n, N, 1 + E)."""
    columns = g.unsqueeze(g.op("Transpose", x.name, perm=[1, 0]), 2)
    angle = g.op("Add", g.op("Mul", columns, 2 * np.pi * m.frequency[:, None]), m.phase[:, None])
    embedding = g.op("Add", g.op("MatMul", g.op("Cos", angle), m.weight.transpose(0, 2, 1)), m.bias[:, None])
    joined = g.op("Concat", columns, embedding, axis=2)
    return g.reshape(g.op("Transpose", joined, perm=[1, 0, 2]), y.shape)


def linear_batch_ensemble(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    product = g.op("MatMul", g.op("Mul", x.name, m.input_scale[:, None]), m.weight.T)
    scaled = g.op("Mul", product, m.output_scale[:, None])
    return scaled if m.bias is None else g.op("Add", scaled, m.bias[:, None])


def linear_ensemble(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("Add", g.op("MatMul", x.name, m.weight.transpose(0, 2, 1)), m.bias[:, None])


def repeat_members(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("Expand", g.unsqueeze(x.name, 0), np.array([m.members, *(1 for _ in x.shape)], np.int64))


def average_members(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    """The mean of values; or log (s p) / T, s = max(1 − ε / (C p), 1/101), p = 1/M Σ softmax(x_i)."""
    if m.average == "values":
        return g.reduce("Mean", x.name, 0)
    log_p = log_mean_softmax(g, x.name, len(x.small_batch))
    if m.smoothing[0]:
        x.require_fixed(1)
        exponent = g.op("Min", g.op("Sub", float(np.log(m.smoothing[0] / x.shape[2])), log_p), 0.0)
        share = g.op("Max", g.op("Sub", 1.0, g.op("Exp", exponent)), m.min_share)
        log_p = g.op("Add", log_p, g.op("Log", share))
    return g.op("Div", log_p, float(m.temperature[0]))


def log_mean_softmax(g: ModuleGraph, x: str, members: int) -> str:
    """log (1/M Σ softmax(x_i))."""
    return g.op("Sub", g.reduce("LogSumExp", g.op("LogSoftmax", x, axis=-1), 0), float(np.log(members)))


def member_criterion(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> Any:
    if len(x.shape) == 2:
        return get_names(g.add_readout(m.criterion, x))
    members = g.op("Transpose", x.name, perm=[1, 0, 2])
    return g.reduce("Mean", members, 0) if m.output_form == "values" else log_mean_softmax(g, members, x.shape[1])


WRITERS: dict[str, OnnxWriter] = {
    "SelectColumns": select_columns,
    "PiecewiseLinearEncoding": piecewise_linear_encoding,
    "PeriodicEmbedding": periodic_embedding,
    "FeatureScale": lambda g, m, x, y: g.op("Mul", x.name, m.weight),
    "LinearBatchEnsemble": linear_batch_ensemble,
    "LinearEnsemble": linear_ensemble,
    "RepeatMembers": repeat_members,
    "AverageMembers": average_members,
    "MemberCriterion": member_criterion,
}
