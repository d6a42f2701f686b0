"""Arithmetic between the arrays of a table, and tables put together from others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain_onnx.wire import Flow, Wire, names
from nntrain_onnx.writers.writer import Writer

if TYPE_CHECKING:
    from nntrain_onnx.module_graph import ModuleGraph

__all__ = ["WRITERS"]


def arithmetic(kind: str, most: int | None = None) -> Writer:
    """A class that combines arrays element by element, each in the shape of the first."""

    def write(g: ModuleGraph, m: Any, x: list[Wire], y: Wire) -> str:
        first, *others = x[:most]
        total = first.name
        for wire in others:
            total = g.op(kind, total, like(g, wire, first))
        return total

    return write


def like(g: ModuleGraph, wire: Wire, first: Wire) -> str:
    """A value in the shape of another."""
    return wire.name if wire.shape == first.shape else g.reshape(wire.name, first.shape)


def c_add_tensor_table(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> list[str]:
    a, t = x
    return [g.op("Add", like(g, wire, a), a.name) for wire in t]


def select_table(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> Any:
    return names(x[m.index])


def narrow_table(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> Any:
    start = m.offset % len(x)
    return names(x[start : start + m.length])


def flatten_table(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> list[str]:
    return flat(names(x))


def flat(value: Any) -> list[str]:
    """The names in nested lists, from left to right."""
    return [name for item in value for name in flat(item)] if isinstance(value, list) else [value]


def zip_table(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> Any:
    return [list(row) for row in zip(*names(x), strict=True)]


def zip_table_one_to_many(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> Any:
    v, t = names(x)
    return [[v, item] for item in t]


def dot_product(g: ModuleGraph, m: Any, x: list[Wire], y: Wire) -> str:
    return g.reshape(dot(g, x[0].name, x[1].name), y.shape)


def dot(g: ModuleGraph, a: str, b: str) -> str:
    """Σ a b along the last axis, which stays."""
    return g.reduce("Sum", g.op("Mul", a, b), -1, keep=True)


def cosine_distance(g: ModuleGraph, m: Any, x: list[Wire], y: Wire) -> str:
    a, b = x[0].name, x[1].name
    squares = (g.op("Add", dot(g, vector, vector), 1e-12) for vector in (a, b))
    return g.reshape(g.op("Div", dot(g, a, b), g.op("Sqrt", g.op("Mul", *squares))), y.shape)


def pairwise_distance(g: ModuleGraph, m: Any, x: list[Wire], y: Wire) -> str:
    size = g.op("Abs", g.op("Sub", x[0].name, x[1].name))
    total = g.reduce("Sum", g.op("Pow", size, float(m.p)), -1, keep=True)
    return g.reshape(g.op("Pow", total, 1 / m.p), y.shape)


def mixture_table(g: ModuleGraph, m: Any, x: Flow, y: Wire) -> str:
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


def mm(g: ModuleGraph, m: Any, x: list[Wire], y: Wire) -> str:
    return g.op("MatMul", turned(g, x[0], m.trans_a), turned(g, x[1], m.trans_b))


def mv(g: ModuleGraph, m: Any, x: list[Wire], y: Wire) -> str:
    return g.squeeze(g.op("MatMul", turned(g, x[0], m.trans), g.unsqueeze(x[1].name, -1)), -1)


def turned(g: ModuleGraph, wire: Wire, transposed: bool) -> str:
    """A matrix, or each of many, transposed or not."""
    if not transposed:
        return wire.name
    axes = np.arange(len(wire.shape)).tolist()
    return g.op("Transpose", wire.name, perm=[*axes[:-2], axes[-1], axes[-2]])


WRITERS: dict[str, Writer] = {
    "CAddTable": arithmetic("Add"),
    "CMulTable": arithmetic("Mul"),
    "CMaxTable": arithmetic("Max"),
    "CMinTable": arithmetic("Min"),
    "CSubTable": arithmetic("Sub", 2),
    "CDivTable": arithmetic("Div", 2),
    "CAddTensorTable": c_add_tensor_table,
    "SelectTable": select_table,
    "NarrowTable": narrow_table,
    "FlattenTable": flatten_table,
    "ZipTable": zip_table,
    "ZipTableOneToMany": zip_table_one_to_many,
    "DotProduct": dot_product,
    "CosineDistance": cosine_distance,
    "PairwiseDistance": pairwise_distance,
    "MixtureTable": mixture_table,
    "MM": mm,
    "MV": mv,
}
