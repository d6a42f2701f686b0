"""Padding and resampling."""

from math import prod
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray


def zero_padding(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    before, after = zip(*m.amounts, strict=True)
    lead = (0,) * (len(x.shape) - len(before))
    return g.op("Pad", x.name, np.array([*lead, *before, *lead, *after]), 0.0)


def edge_padding(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    x.require_fixed(len(m.amounts))
    name, first = x.name, len(x.shape) - len(m.amounts)
    for axis, (before, after) in enumerate(m.amounts, start=first):
        size = x.small_batch.shape[axis]
        name = g.op("Gather", name, m.map_positions(np.arange(-before, size + after), size), axis=axis)
    return name


def pixel_shuffle(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    lead = range(4 - len(x.shape))
    name = g.op("DepthToSpace", g.unsqueeze(x.name, *lead), blocksize=m.upscale_factor, mode="CRD")
    return g.squeeze(name, *lead)


def nearest(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    name = x.name
    for axis in range(len(x.shape)):
        if x.small_batch.shape[axis] != y.small_batch.shape[axis]:
            x.require_fixed(len(x.shape) - axis)
            name = g.op("Gather", name, np.repeat(np.arange(x.small_batch.shape[axis]), m.scale_factor), axis=axis)
    return name


def separable_map(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    """y = M x along each of the last axes."""
    name, sizes = x.name, m.get_output_sizes(x.small_batch)
    shape = list(x.shape)
    for axis in range(len(shape) - 1, len(shape) - 1 - len(sizes), -1):
        matrix: Array = np.empty((y.small_batch.shape[axis], shape[axis]), np.float32)
        m.fill_matrix(matrix)
        after = prod(shape[axis + 1 :])
        shape[axis] = y.small_batch.shape[axis]
        if axis == len(shape) - 1:
            name = g.op("MatMul", name, matrix.T)
        else:
            flat = (*shape[:axis], matrix.shape[1], after)
            name = g.reshape(g.op("MatMul", matrix, g.reshape(name, flat)), tuple(shape))
    return name


WRITERS: dict[str, OnnxWriter] = {
    "SpatialZeroPadding": zero_padding,
    **dict.fromkeys(
        ("SpatialReflectionPadding", "SpatialReplicationPadding", "VolumetricReplicationPadding"), edge_padding
    ),
    "PixelShuffle": pixel_shuffle,
    "SpatialUpSamplingNearest": nearest,
    **dict.fromkeys(("SpatialAdaptiveAveragePooling", "SpatialUpSamplingBilinear"), separable_map),
    "UpSampling": lambda g, m, x, y: (nearest if m.mode == "nearest" else separable_map)(g, m, x, y),
}
