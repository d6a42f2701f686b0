"""Linear layers."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray, TracedValue


def partial_linear(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    rows = slice(None) if m.partition is None else np.asarray(m.partition)
    return add_affine(g, x, m.weight[rows], None if m.bias is None else m.bias[0, rows])


def add_affine(g: ModuleGraph, x: TracedArray, weight: Array, bias: Array | None) -> str:
    """x Wᵀ + b."""
    if len(x.shape) == 2:
        return g.op("Gemm", x.name, weight, *([] if bias is None else [bias]), transB=1)
    product = g.op("MatMul", x.name, weight.T)
    return product if bias is None else g.op("Add", product, bias)


def sparse_linear(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if not isinstance(x, list):
        return g.op("Add", add_sparse_sum(g, m, x, keep=False), m.bias)
    if not x:
        return g.constant(m.bias)
    sums = [add_sparse_sum(g, m, sample, keep=True) for sample in x]
    return g.op("Add", g.op("Concat", *sums, axis=0), m.bias)


def add_sparse_sum(g: ModuleGraph, m: Any, x: TracedArray, keep: bool) -> str:
    """Σ value · W[:, index] over the pairs of a sample, or of each sample of a batch; ``keep`` the axis of the pairs.

    The index of a value 0 may be any number.
    """
    axis = len(x.shape) - 1
    indices, values = (g.slice(x.name, axis, column, column + 1) for column in (0, 1))
    known = g.to_integers(g.op("Where", g.op("Equal", values, 0.0), 0.0, indices))
    rows = g.op("Gather", m.weight.T, g.squeeze(known, axis), axis=0)
    return g.reduce("Sum", g.op("Mul", rows, values), axis - 1, keep=keep)


def index_linear(g: ModuleGraph, m: Any, x: list[TracedValue], y: TracedArray) -> str:
    keys, values, *sizes = x
    if isinstance(keys, list):
        sums = [g.reduce("Sum", add_terms(g, m, *pair), 0, keep=True) for pair in zip(keys, values, strict=True)]
        return g.op("Add", g.op("Concat", *sums, axis=0), m.bias)
    if not sizes:
        return g.op("Add", g.reduce("Sum", add_terms(g, m, keys, values), 0), m.bias)
    # The sample of a pair is the number of samples that end at or before its position.
    ends = g.op("CumSum", g.to_integers(sizes[0].name), np.array(0))
    count = g.squeeze(g.op("Shape", keys.name), 0)
    places = g.op("Range", np.array(0), count, np.array(1))
    over = g.op("LessOrEqual", g.unsqueeze(ends, 0), g.unsqueeze(places, 1))
    samples = g.reduce("Sum", g.to_integers(over), 1, keep=True)
    rows = g.op("Expand", m.bias[None], g.op("Concat", g.op("Shape", sizes[0].name), np.array([len(m.bias)]), axis=0))
    return g.op("ScatterND", rows, samples, add_terms(g, m, keys, values), reduction="add")


def add_terms(g: ModuleGraph, m: Any, keys: TracedArray, values: TracedArray) -> str:
    """value · W[key] of each pair, (n, output_size), with the values scaled as in evaluation mode."""
    places = g.op("Add", g.to_integers(keys.name), np.array(m.keys_offset))
    value = values.name if values.small_batch.dtype.kind == "f" else g.op("Cast", values.name, to="float32")
    if m.normalize:
        largest, inverse, _, bias = (g.op("Gather", column, places, axis=0) for column in m.weight.T[:4])
        inside = g.op("LessOrEqual", g.op("Abs", value), largest)
        value = g.op("Add", g.op("Where", inside, g.op("Mul", value, inverse), g.op("Sign", value)), bias)
    return g.op("Mul", g.op("Gather", m.get_rows(m.weight), places, axis=0), g.unsqueeze(value, 1))


def bilinear(g: ModuleGraph, m: Any, x: list[TracedArray], y: TracedArray) -> str:
    outputs, first, second = m.weight.shape
    rows = g.op("MatMul", x[0].name, m.weight.transpose(1, 0, 2).reshape(first, -1))
    forms = g.reshape(rows, (x[0].shape[0], outputs, second))
    total = g.reduce("Sum", g.op("Mul", forms, g.unsqueeze(x[1].name, 1)), 2)
    return total if m.bias is None else g.op("Add", total, m.bias)


def cosine(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    directions = m.weight / (np.linalg.norm(m.weight, axis=1, keepdims=True) + 1e-12)
    length = g.op("Add", g.reduce("L2", x.name, -1, keep=True), 1e-12)
    return g.op("Div", g.op("MatMul", x.name, directions.T), length)


def weighted_euclidean(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.reduce("L2", g.op("Mul", g.op("Sub", g.unsqueeze(x.name, -1), m.weight), m.diag_cov), -2)


def kmeans(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    distance = g.reduce("SumSquare", g.op("Sub", g.unsqueeze(x.name, 1), m.weight), 2)
    return g.op("Cast", g.op("ArgMin", distance, axis=1, keepdims=0), to="float32")


WRITERS: dict[str, OnnxWriter] = {
    **dict.fromkeys(("Linear", "LinearWeightNorm"), lambda g, m, x, y: add_affine(g, x, m.weight, m.bias)),
    "PartialLinear": partial_linear,
    "IndexLinear": index_linear,
    "SparseLinear": sparse_linear,
    "Bilinear": bilinear,
    "Cosine": cosine,
    "Euclidean": lambda g, m, x, y: g.reduce("L2", g.op("Sub", g.unsqueeze(x.name, -1), m.weight), -2),
    "WeightedEuclidean": weighted_euclidean,
    "Kmeans": kmeans,
}
