"""Activation functions."""

from typing import Any

import numpy as np

from nntrain.nn.functional import get_class_axis
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray, get_names


def threshold(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    above = g.op("Greater", x.name, float(m.threshold))
    return g.op("Where", above, x.name, float(m.val))


def prelu(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    a = m.weight
    return g.op("PRelu", x.name, a.reshape(-1, *(1,) * (len(x.shape) - 2)) if a.size > 1 else a)


def soft_plus(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if m.beta == 1:
        return g.op("Softplus", x.name)
    return g.op("Div", g.op("Softplus", g.op("Mul", x.name, float(m.beta))), float(m.beta))


def gated_linear_unit(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    a, c = g.ops("Split", 2, x.name, axis=-1 if m.dim is None else m.dim, num_outputs=2)
    return g.op("Mul", a, g.op("Sigmoid", c))


def crelu(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    axis = next(
        axis for axis, (n, k) in enumerate(zip(x.small_batch.shape, y.small_batch.shape, strict=True)) if n != k
    )
    return g.op("Concat", g.op("Relu", x.name), g.op("Relu", g.op("Neg", x.name)), axis=axis)


def normalize(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    p = float(m.p)
    size = g.op("Abs", x.name)
    if np.isinf(p):
        return g.op("Div", x.name, g.op("Add", g.reduce("Max", size, -1, keep=True), float(m.eps)))
    total = g.op("Add", g.reduce("Sum", g.op("Pow", size, p), -1, keep=True), float(m.eps))
    return g.op("Div", x.name, g.op("Pow", total, 1 / p))


def gelu(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if m.approximate:
        cubic = g.op("Mul", g.op("Pow", x.name, 3.0), m.cubic)
        phi = g.op("Sigmoid", g.op("Mul", g.op("Add", x.name, cubic), m.slope))
    else:
        phi = g.op("Mul", g.op("Add", g.op("Erf", g.op("Mul", x.name, 0.5**0.5)), 1.0), 0.5)
    return g.op("Mul", x.name, phi)


def blend(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    f = g.add_module(m.activation, x, 0)
    return g.op("Add", x.name, g.op("Mul", g.op("Sub", get_names(f), x.name), m.weight))


def map_operator(kind: str) -> OnnxWriter:
    """Return the writer of a class that is one operator."""
    return lambda g, m, x, y: g.op(kind, x.name)


WRITERS: dict[str, OnnxWriter] = {
    "Blend": blend,
    **{name: map_operator(name) for name in ("Abs", "Exp", "Log", "Sigmoid", "Sqrt", "Tanh")},
    "ReLU": map_operator("Relu"),
    "SoftSign": map_operator("Softsign"),
    **dict.fromkeys(
        ("Clamp", "HardTanh", "ReLU6"),
        lambda g, m, x, y: g.op("Clip", x.name, float(m.min_value), float(m.max_value)),
    ),
    "Threshold": threshold,
    "GELU": gelu,
    "Mish": map_operator("Mish"),
    "SELU": lambda g, m, x, y: g.op("Selu", x.name, alpha=m.alpha, gamma=m.scale),
    "SiLU": lambda g, m, x, y: g.op("Mul", x.name, g.op("Sigmoid", x.name)),
    "ELU": lambda g, m, x, y: g.op("Elu", x.name, alpha=float(m.alpha)),
    "LeakyReLU": lambda g, m, x, y: g.op("LeakyRelu", x.name, alpha=float(m.negval)),
    "RReLU": lambda g, m, x, y: g.op("LeakyRelu", x.name, alpha=(m.lower + m.upper) / 2),
    "PReLU": prelu,
    "HardShrink": lambda g, m, x, y: g.op("Shrink", x.name, lambd=float(m.lam), bias=0.0),
    "SoftShrink": lambda g, m, x, y: g.op("Shrink", x.name, lambd=float(m.lam), bias=float(m.lam)),
    "TanhShrink": lambda g, m, x, y: g.op("Sub", x.name, g.op("Tanh", x.name)),
    "LogSigmoid": lambda g, m, x, y: g.op("Neg", g.op("Softplus", g.op("Neg", x.name))),
    "SoftPlus": soft_plus,
    **dict.fromkeys(
        ("SoftMax", "SpatialSoftMax"), lambda g, m, x, y: g.op("Softmax", x.name, axis=get_class_axis(len(x.shape)))
    ),
    **dict.fromkeys(
        ("LogSoftMax", "SpatialLogSoftMax"),
        lambda g, m, x, y: g.op("LogSoftmax", x.name, axis=get_class_axis(len(x.shape))),
    ),
    "SoftMin": lambda g, m, x, y: g.op("Softmax", g.op("Neg", x.name), axis=get_class_axis(len(x.shape))),
    "GatedLinearUnit": gated_linear_unit,
    "CReLU": crelu,
    "Square": lambda g, m, x, y: g.op("Mul", x.name, x.name),
    "Power": lambda g, m, x, y: g.op("Pow", x.name, float(m.p)),
    "Normalize": normalize,
}
