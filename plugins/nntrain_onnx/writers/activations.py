"""Transfer functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.softmax import class_axis
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.wire import Wire
from nntrain_onnx.writers.writer import Writer, writes

__all__: list[str] = []


def one_to_one(kind: str) -> Writer:
    """A class that is an operator."""
    return lambda g, m, x, y: g.op(kind, x.name)


for name, kind in {
    "Abs": "Abs",
    "Exp": "Exp",
    "Log": "Log",
    "ReLU": "Relu",
    "Sigmoid": "Sigmoid",
    "SoftSign": "Softsign",
    "Sqrt": "Sqrt",
    "Tanh": "Tanh",
}.items():
    writes(name)(one_to_one(kind))


@writes("Clamp", "HardTanh", "ReLU6")
def clipped(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Clip", x.name, float(m.min_value), float(m.max_value))


@writes("Threshold")
def threshold(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    above = g.op("Greater", x.name, float(m.threshold))
    return g.op("Where", above, x.name, float(m.val))


@writes("ELU")
def elu(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Elu", x.name, alpha=float(m.alpha))


@writes("LeakyReLU")
def leaky_relu(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("LeakyRelu", x.name, alpha=float(m.negval))


@writes("RReLU")
def rrelu(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("LeakyRelu", x.name, alpha=(m.lower + m.upper) / 2)


@writes("PReLU")
def prelu(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    a = m.weight
    return g.op("PRelu", x.name, a.reshape(-1, *(1,) * (len(x.shape) - 2)) if a.size > 1 else a)


@writes("HardShrink")
def hard_shrink(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Shrink", x.name, lambd=float(m.lam), bias=0.0)


@writes("SoftShrink")
def soft_shrink(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Shrink", x.name, lambd=float(m.lam), bias=float(m.lam))


@writes("TanhShrink")
def tanh_shrink(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Sub", x.name, g.op("Tanh", x.name))


@writes("LogSigmoid")
def log_sigmoid(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Neg", g.op("Softplus", g.op("Neg", x.name)))


@writes("SoftPlus")
def soft_plus(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    if m.beta == 1:
        return g.op("Softplus", x.name)
    return g.op("Div", g.op("Softplus", g.op("Mul", x.name, float(m.beta))), float(m.beta))


@writes("SoftMax", "SpatialSoftMax")
def soft_max(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Softmax", x.name, axis=class_axis(len(x.shape)))


@writes("LogSoftMax", "SpatialLogSoftMax")
def log_soft_max(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("LogSoftmax", x.name, axis=class_axis(len(x.shape)))


@writes("SoftMin")
def soft_min(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Softmax", g.op("Neg", x.name), axis=class_axis(len(x.shape)))


@writes("GatedLinearUnit")
def gated_linear_unit(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    a, c = g.ops("Split", 2, x.name, axis=-1 if m.dim is None else m.dim, num_outputs=2)
    return g.op("Mul", a, g.op("Sigmoid", c))


@writes("CReLU")
def crelu(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    axis = next(axis for axis, (n, k) in enumerate(zip(x.few.shape, y.few.shape, strict=True)) if n != k)
    return g.op("Concat", g.op("Relu", x.name), g.op("Relu", g.op("Neg", x.name)), axis=axis)


@writes("Square")
def square(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Mul", x.name, x.name)


@writes("Power")
def power(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    return g.op("Pow", x.name, float(m.p))


@writes("Normalize")
def normalize(g: ModuleGraph, m: Any, x: Wire, y: Wire) -> str:
    p = float(m.p)
    size = g.op("Abs", x.name)
    if np.isinf(p):
        return g.op("Div", x.name, g.op("Add", g.reduce("Max", size, -1, keep=True), float(m.eps)))
    total = g.op("Add", g.reduce("Sum", g.op("Pow", size, p), -1, keep=True), float(m.eps))
    return g.op("Div", x.name, g.op("Pow", total, 1 / p))
