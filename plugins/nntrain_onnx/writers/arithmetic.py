"""Constants that are added and multiplied, what passes as it is, and numbers of all along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute.array import Array
from nntrain_onnx.wire import Flow, Wire, names
from nntrain_onnx.writers.writer import Writer

if TYPE_CHECKING:
    from nntrain_onnx.module_graph import ModuleGraph

__all__ = ["WRITERS"]


def passed(g: ModuleGraph, m: Any, x: Flow, y: Flow) -> Any:
    return names(x)


def l1_penalty(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return x.name


def copy(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    kind = y.few.dtype
    if kind.kind != "f":
        return g.op("Cast", x.name, to=kind.name)
    # The graph computes in single precision; what is lost in half precision is lost here too.
    name = g.op("Cast", x.name, to=kind.name) if kind.itemsize < 4 else x.name
    return g.op("Cast", name, to="float32")


def dropout(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    if m.stochastic_inference and m.p:
        raise ValueError("it draws noise in prediction too, which is never the same in two programs")
    return x.name if not getattr(m, "v1", True) or not m.p else g.op("Mul", x.name, 1 - m.p)


def white_noise(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Add", x.name, float(m.mean)) if m.mean else x.name


def mul_constant(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Mul", x.name, float(m.constant_scalar))


def add_constant(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Add", x.name, np.asarray(m.constant_scalar, np.float64))


def mul(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Mul", x.name, m.weight.reshape(()))


def add(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    b = m.bias.reshape(()) if m.bias.size == 1 else m.bias.reshape(x.few.shape[1:] if len(x.shape) > 1 else -1)
    return g.op("Add", x.name, b)


def c_add(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return met(g, "Add", m, x, m.bias)


def c_mul(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return met(g, "Mul", m, x, m.weight)


def met(g: ModuleGraph, kind: str, m: Any, x: Wire, b: Array) -> str:
    """x and b in the shapes in which the module lets them meet, and then in that of x again."""
    (few, size), (more, _) = m.shapes(x.few), m.shapes(x.more)
    if few == x.few.shape:
        return g.op(kind, x.name, b.reshape(size))
    shape = tuple(n if n == k else -1 for n, k in zip(few, more, strict=True))
    return g.reshape(g.op(kind, g.reshape(x.name, shape), b.reshape(size)), x.shape)


def reduction(kind: str) -> Writer:
    """A class that makes one number of all along an axis."""

    def write(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
        how = "Mean" if getattr(m, "size_average", False) else kind
        whole = g.reduce(how, x.name, m.axis(x.few), keep=True)
        return whole if len(y.shape) == len(x.shape) else g.squeeze(whole, m.axis(x.few))

    return write


WRITERS: dict[str, Writer] = {
    "Contiguous": passed,
    "GradientReversal": passed,
    "Identity": passed,
    "PrintSize": passed,
    "ZeroGrad": passed,
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
