"""Arithmetic with constants and parameters, identities and reductions."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray, get_names


def copy(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    kind = y.small_batch.dtype
    if kind.kind != "f":
        return g.op("Cast", x.name, to=kind.name)
    # The graph computes in float32; a cast to float16 must round here too.
    name = g.op("Cast", x.name, to=kind.name) if kind.itemsize < 4 else x.name
    return g.op("Cast", name, to="float32")


def dropout(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if m.stochastic_inference and m.p:
        raise ValueError("it is stochastic in evaluation mode, so outputs differ between programs")
    return x.name if not getattr(m, "v1", True) or not m.p else g.op("Mul", x.name, 1 - m.p)


def add(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    b = m.bias.reshape(()) if m.bias.size == 1 else m.bias.reshape(x.small_batch.shape[1:] if len(x.shape) > 1 else -1)
    return g.op("Add", x.name, b)


def broadcast_op(g: ModuleGraph, kind: str, m: Any, x: TracedArray, b: Array) -> str:
    """Apply an operator to x and b in the module's broadcast shapes, and reshape the result to that of x."""
    (few, size), (more, _) = m.get_broadcast_shapes(x.small_batch), m.get_broadcast_shapes(x.large_batch)
    if few == x.small_batch.shape:
        return g.op(kind, x.name, b.reshape(size))
    shape = tuple(n if n == k else -1 for n, k in zip(few, more, strict=True))
    return g.reshape(g.op(kind, g.reshape(x.name, shape), b.reshape(size)), x.shape)


def reduction(kind: str) -> OnnxWriter:
    """Return the writer of a reduction along an axis."""

    def write(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
        axis, chosen = m.get_axis(x.small_batch), "Mean" if getattr(m, "size_average", False) else kind
        kept = g.reduce(chosen, x.name, axis, keep=True)
        return kept if len(y.shape) == len(x.shape) else g.squeeze(kept, axis)

    return write


WRITERS: dict[str, OnnxWriter] = {
    **dict.fromkeys(
        ("Contiguous", "GradientReversal", "Identity", "L1Penalty", "PrintSize", "ZeroGrad"),
        lambda g, m, x, y: get_names(x),
    ),
    "Copy": copy,
    **dict.fromkeys(("Dropout", "SpatialDropout", "VolumetricDropout"), dropout),
    "WhiteNoise": lambda g, m, x, y: g.op("Add", x.name, float(m.mean)) if m.mean else x.name,
    "MulConstant": lambda g, m, x, y: g.op("Mul", x.name, float(m.constant_scalar)),
    "AddConstant": lambda g, m, x, y: g.op("Add", x.name, np.asarray(m.constant_scalar, np.float64)),
    "Mul": lambda g, m, x, y: g.op("Mul", x.name, m.weight.reshape(())),
    "Add": add,
    "CAdd": lambda g, m, x, y: broadcast_op(g, "Add", m, x, m.bias),
    "CMul": lambda g, m, x, y: broadcast_op(g, "Mul", m, x, m.weight),
    "Max": reduction("Max"),
    "Mean": reduction("Mean"),
    "Min": reduction("Min"),
    "Sum": reduction("Sum"),
}
