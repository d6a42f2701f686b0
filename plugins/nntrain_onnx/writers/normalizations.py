"""Normalizations in evaluation mode."""

from typing import Any

import numpy as np

from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray


def batch_normalization(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    lead = range(len(m.inner) + 2 - len(x.shape))
    weight = np.ones(m.n_output) if m.weight is None else m.weight
    bias = np.zeros(m.n_output) if m.bias is None else m.bias
    parameters = (weight, bias, m.running_mean, m.running_var)
    name = g.op("BatchNormalization", g.unsqueeze(x.name, *lead), *parameters, epsilon=float(m.eps))
    return g.squeeze(name, *lead)


def layer_normalization(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    centered = g.op("Sub", x.name, g.reduce("Mean", x.name, -1, keep=True))
    root = g.op("Sqrt", g.op("Add", g.reduce("SumSquare", centered, -1, keep=True), float(m.eps)))
    h = g.op("Mul", g.op("Div", centered, root), float(x.small_batch.shape[-1] ** 0.5))
    return h if m.weight is None else g.op("Add", g.op("Mul", h, m.weight), m.bias)


def cross_map_lrn(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    lead = range(4 - len(x.shape))
    numbers: dict[str, Any] = {"alpha": float(m.alpha), "beta": float(m.beta), "bias": float(m.k)}
    return g.squeeze(g.op("LRN", g.unsqueeze(x.name, *lead), size=m.size, **numbers), *lead)


def subtractive_normalization(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    mean = g.op("Div", add_local_mean(g, m, x, x.name), m.compute_coverage(like=x.small_batch))
    return g.op("Sub", x.name, mean)


def divisive_normalization(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    root = g.op("Sqrt", add_local_mean(g, m, x, g.op("Mul", x.name, x.name)))
    s = g.op("Div", root, m.compute_coverage(like=x.small_batch))
    d = g.op("Where", g.op("Greater", s, float(m.threshold)), s, float(m.thresval))
    return g.op("Div", x.name, d)


def add_local_mean(g: ModuleGraph, m: Any, x: TracedArray, name: str) -> str:
    """The weighted mean around each pixel, with an axis of size 1 for the channels."""
    x.require_fixed(2)
    pads = [size // 2 for size in m.kernel.shape]
    kernel = np.broadcast_to(m.kernel, (1, m.n_input_plane, *m.kernel.shape))
    lead = range(4 - len(x.shape))
    name = g.op("Conv", g.unsqueeze(name, *lead), kernel, kernel_shape=[*m.kernel.shape], pads=pads * 2)
    return g.squeeze(name, *lead)


WRITERS: dict[str, OnnxWriter] = {
    **dict.fromkeys(
        ("BatchNormalization", "SpatialBatchNormalization", "VolumetricBatchNormalization"), batch_normalization
    ),
    "LayerNormalization": layer_normalization,
    "SpatialCrossMapLRN": cross_map_lrn,
    "SpatialSubtractiveNormalization": subtractive_normalization,
    "SpatialDivisiveNormalization": divisive_normalization,
}
