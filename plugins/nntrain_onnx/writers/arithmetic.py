"""Constants that are added and multiplied, what passes as it is, and numbers of all along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain_onnx.traced_array import OnnxWriter, TracedArray, TracedValue, get_names

if TYPE_CHECKING:
    from nntrain_onnx.module_graph import ModuleGraph

__all__ = ["WRITERS"]


def identity(g: ModuleGraph, m: Any, x: TracedValue, y: TracedValue) -> Any:
    return get_names(x)


def l1_penalty(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return x.name


def copy(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    kind = y.small_batch.dtype
    if kind.kind != "f":
        return g.op("Cast", x.name, to=kind.name)
    # The graph computes in single precision; what is lost in half precision is lost here too.
    name = g.op("Cast", x.name, to=kind.name) if kind.itemsize < 4 else x.name
    return g.op("Cast", name, to="float32")


def dropout(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if m.stochastic_inference and m.p:
        raise ValueError("it draws noise in prediction too, which is never the same in two programs")
    return x.name if not getattr(m, "v1", True) or not m.p else g.op("Mul", x.name, 1 - m.p)


def white_noise(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("Add", x.name, float(m.mean)) if m.mean else x.name


def mul_constant(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("Mul", x.name, float(m.constant_scalar))


def add_constant(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("Add", x.name, np.asarray(m.constant_scalar, np.float64))


def mul(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return g.op("Mul", x.name, m.weight.reshape(()))


def add(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    b = m.bias.reshape(()) if m.bias.size == 1 else m.bias.reshape(x.small_batch.shape[1:] if len(x.shape) > 1 else -1)
    return g.op("Add", x.name, b)


def c_add(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return broadcast_op(g, "Add", m, x, m.bias)


def c_mul(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    return broadcast_op(g, "Mul", m, x, m.weight)


def broadcast_op(g: ModuleGraph, kind: str, m: Any, x: TracedArray, b: Array) -> str:
    """x and b in the shapes in which the module lets them meet, and then in that of x again."""
    (few, size), (more, _) = m.get_broadcast_shapes(x.small_batch), m.get_broadcast_shapes(x.large_batch)
    if few == x.small_batch.shape:
        return g.op(kind, x.name, b.reshape(size))
    shape = tuple(n if n == k else -1 for n, k in zip(few, more, strict=True))
    return g.reshape(g.op(kind, g.reshape(x.name, shape), b.reshape(size)), x.shape)


def reduction(kind: str) -> OnnxWriter:
    """A class that makes one number of all along an axis."""

    def write(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
        how = "Mean" if getattr(m, "size_average", False) else kind
        whole = g.reduce(how, x.name, m.axis(x.small_batch), keep=True)
        return whole if len(y.shape) == len(x.shape) else g.squeeze(whole, m.axis(x.small_batch))

    return write


WRITERS: dict[str, OnnxWriter] = {
    "Contiguous": identity,
    "GradientReversal": identity,
    "Identity": identity,
    "PrintSize": identity,
    "ZeroGrad": identity,
    "L1Penalty": l1_penalty,
    "Copy": copy,
    "Dropout": dropout,
    "SpatialDropout": dropout,
    "VolumetricDropout": dropout,
    "WhiteNoise": white_noise,
    "MulConstant": mul_constant,
    "AddConstant": add_constant,
    "Mul": mul,
    "Add": add,
    "CAdd": c_add,
    "CMul": c_mul,
    "Max": reduction("Max"),
    "Mean": reduction("Mean"),
    "Min": reduction("Min"),
    "Sum": reduction("Sum"),
}
