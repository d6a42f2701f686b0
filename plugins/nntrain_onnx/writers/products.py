"""Layers whose parameters are matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.nn.array import Array
from nntrain_onnx.wire import Wire
from nntrain_onnx.writers.writer import Writer

if TYPE_CHECKING:
    from nntrain_onnx.module_graph import ModuleGraph

__all__ = ["WRITERS"]


def linear(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return affine(g, x, m.weight, m.bias)


def partial_linear(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    rows = slice(None) if m.partition is None else np.asarray(m.partition)
    return affine(g, x, m.weight[rows], None if m.bias is None else m.bias[0, rows])


def affine(g: ModuleGraph, x: Wire, weight: Array, bias: Array | None) -> str:
    """x Wᵀ + b."""
    if len(x.shape) == 2:
        return g.op("Gemm", x.name, weight, *([] if bias is None else [bias]), transB=1)
    product = g.op("MatMul", x.name, weight.T)
    return product if bias is None else g.op("Add", product, bias)


def sparse_linear(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    if isinstance(x, list):
        raise ValueError("a table of samples, each with as many elements as it likes, is no array")
    axis = len(x.shape) - 1
    places, values = (g.slice(x.name, axis, column, column + 1) for column in (0, 1))
    rows = g.op("Gather", m.weight.T, g.whole(g.squeeze(places, axis)), axis=0)
    return g.op("Add", g.reduce("Sum", g.op("Mul", rows, values), axis - 1), m.bias)


def bilinear(g: ModuleGraph, m: Any, x: list[Wire], y: Wire) -> str:
    outputs, first, second = m.weight.shape
    rows = g.op("MatMul", x[0].name, m.weight.transpose(1, 0, 2).reshape(first, -1))
    forms = g.reshape(rows, (x[0].shape[0], outputs, second))
    total = g.reduce("Sum", g.op("Mul", forms, g.unsqueeze(x[1].name, 1)), 2)
    return total if m.bias is None else g.op("Add", total, m.bias)


def cosine(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    directions = m.weight / (np.linalg.norm(m.weight, axis=1, keepdims=True) + 1e-12)
    length = g.op("Add", g.reduce("L2", x.name, -1, keep=True), 1e-12)
    return g.op("Div", g.op("MatMul", x.name, directions.T), length)


def euclidean(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.reduce("L2", g.op("Sub", g.unsqueeze(x.name, -1), m.weight), -2)


def weighted_euclidean(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.reduce("L2", g.op("Mul", g.op("Sub", g.unsqueeze(x.name, -1), m.weight), m.diag_cov), -2)


def kmeans(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    distance = g.reduce("SumSquare", g.op("Sub", g.unsqueeze(x.name, 1), m.weight), 2)
    return g.op("Cast", g.op("ArgMin", distance, axis=1, keepdims=0), to="float32")


WRITERS: dict[str, Writer] = {
    "Linear": linear,
    "LinearWeightNorm": linear,
    "PartialLinear": partial_linear,
    "SparseLinear": sparse_linear,
    "Bilinear": bilinear,
    "Cosine": cosine,
    "Euclidean": euclidean,
    "WeightedEuclidean": weighted_euclidean,
    "Kmeans": kmeans,
}
