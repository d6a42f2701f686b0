"""Arithmetic of lists of arrays, and rearrangements of lists."""

from typing import Any

import numpy as np

from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray, TracedValue, get_names


def map_arithmetic(kind: str, most: int | None = None) -> OnnxWriter:
    """Return the writer of a class that combines arrays element by element, each in the shape of the first."""

    def write(g: ModuleGraph, m: Any, x: list[TracedArray], y: TracedArray) -> str:
        first, *others = x[:most]
        total = first.name
        for wire in others:
            total = g.op(kind, total, reshape_like(g, wire, first))
        return total

    return write


def reshape_like(g: ModuleGraph, wire: TracedArray, first: TracedArray) -> str:
    """Reshape a value to the shape of another."""
    return wire.name if wire.shape == first.shape else g.reshape(wire.name, first.shape)


def c_add_tensor_table(g: ModuleGraph, m: Any, x: TracedValue, y: TracedValue) -> list[str]:
    a, t = x
    return [g.op("Add", reshape_like(g, wire, a), a.name) for wire in t]


def narrow_table(g: ModuleGraph, m: Any, x: TracedValue, y: TracedValue) -> Any:
    start = m.offset % len(x)
    return get_names(x[start : start + m.length])


def flatten_names(value: Any) -> list[str]:
    """Return the names in nested lists, from left to right."""
    return [name for item in value for name in flatten_names(item)] if isinstance(value, list) else [value]


def zip_table_one_to_many(g: ModuleGraph, m: Any, x: TracedValue, y: TracedValue) -> Any:
    v, t = get_names(x)
    return [[v, item] for item in t]


def add_dot(g: ModuleGraph, a: str, b: str) -> str:
    """Σ a b along the last axis, which is kept."""
    return g.reduce("Sum", g.op("Mul", a, b), -1, keep=True)


def cosine_distance(g: ModuleGraph, m: Any, x: list[TracedArray], y: TracedArray) -> str:
    a, b = x[0].name, x[1].name
    squares = (g.op("Add", add_dot(g, vector, vector), 1e-12) for vector in (a, b))
    return g.reshape(g.op("Div", add_dot(g, a, b), g.op("Sqrt", g.op("Mul", *squares))), y.shape)


def pairwise_distance(g: ModuleGraph, m: Any, x: list[TracedArray], y: TracedArray) -> str:
    size = g.op("Abs", g.op("Sub", x[0].name, x[1].name))
    total = g.reduce("Sum", g.op("Pow", size, float(m.p)), -1, keep=True)
    return g.reshape(g.op("Pow", total, 1 / m.p), y.shape)


def mixture_table(g: ModuleGraph, m: Any, x: TracedValue, y: TracedArray) -> str:
    gate, experts = x
    one = len(gate.shape) == 1
    axis = 0 if one else 1
    if isinstance(experts, list):
        name = g.op("Concat", *(g.unsqueeze(wire.name, axis) for wire in experts), axis=axis)
    else:
        dim = (axis if m.dim is None else m.dim) % len(experts.shape)
        rest = [place for place in range(len(experts.shape)) if place != dim]
        name = g.op("Transpose", experts.name, perm=[*rest[:axis], dim, *rest[axis:]])
    weights = g.unsqueeze(gate.name, *range(axis + 1, len(y.shape) + 1))
    return g.reduce("Sum", g.op("Mul", name, weights), axis)


def transpose_if(g: ModuleGraph, wire: TracedArray, transposed: bool) -> str:
    """Transpose the last two axes if ``transposed``."""
    if not transposed:
        return wire.name
    axes = np.arange(len(wire.shape)).tolist()
    return g.op("Transpose", wire.name, perm=[*axes[:-2], axes[-1], axes[-2]])


WRITERS: dict[str, OnnxWriter] = {
    "CAddTable": map_arithmetic("Add"),
    "CMulTable": map_arithmetic("Mul"),
    "CMaxTable": map_arithmetic("Max"),
    "CMinTable": map_arithmetic("Min"),
    "CSubTable": map_arithmetic("Sub", 2),
    "CDivTable": map_arithmetic("Div", 2),
    "CAddTensorTable": c_add_tensor_table,
    "SelectTable": lambda g, m, x, y: get_names(x[m.index]),
    "NarrowTable": narrow_table,
    "FlattenTable": lambda g, m, x, y: flatten_names(get_names(x)),
    "ZipTable": lambda g, m, x, y: [list(row) for row in zip(*get_names(x), strict=True)],
    "ZipTableOneToMany": zip_table_one_to_many,
    "DotProduct": lambda g, m, x, y: g.reshape(add_dot(g, x[0].name, x[1].name), y.shape),
    "CosineDistance": cosine_distance,
    "PairwiseDistance": pairwise_distance,
    "MixtureTable": mixture_table,
    "MM": lambda g, m, x, y: g.op("MatMul", transpose_if(g, x[0], m.trans_a), transpose_if(g, x[1], m.trans_b)),
    "MV": lambda g, m, x, y: g.squeeze(g.op("MatMul", transpose_if(g, x[0], m.trans), g.unsqueeze(x[1].name, -1)), -1),
}
