"""Poolings: maximum, mean and sum over windows."""

from math import prod
from typing import Any

import numpy as np

from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray

# The smallest finite float32.
MIN_FLOAT32 = float(np.finfo(np.float32).min)


def max_pooling(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    name, windows = pad_windows(g, m, x, MIN_FLOAT32)
    largest, indices = g.ops("MaxPool", 2, name, **windows, dilations=list(m.windows.dilation))
    g.indices[id(m)] = indices
    return drop_padding_axes(g, m, largest, x)


def max_unpooling(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if id(m.pooling) not in g.indices:
        raise ValueError("its pooling does not precede it in the network")
    axes = len(m.pooling.windows.kernel)
    size, pooled = y.small_batch.shape[-axes:], x.small_batch.shape[-axes:]
    y.require_fixed(axes)
    # Each channel is one row, for any leading axes; the windows do not overlap.
    places = g.op("Mod", g.reshape(g.indices[id(m.pooling)], (-1, prod(pooled))), np.array(prod(size)))
    values = g.reshape(x.name, (-1, prod(pooled)))
    rows = g.op("Slice", g.op("Shape", values), np.array([0]), np.array([1]))
    zeros = g.op("Expand", np.zeros((1, 1), np.float32), g.op("Concat", rows, np.array([prod(size)]), axis=0))
    return g.reshape(g.op("ScatterElements", zeros, places, values, axis=1), y.shape)


def average_pooling(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    taps = prod(m.windows.kernel)
    elements = m.count_elements(x.small_batch)
    name = drop_padding_axes(g, m, add_window_means(g, m, x), x)
    if (elements == taps).all():
        return name
    x.require_fixed(len(m.windows.kernel))
    return g.op("Mul", name, taps / elements)


def sub_sampling(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    row = (-1, *(1,) * m.inner)
    means = drop_padding_axes(g, m, add_window_means(g, m, x), x)
    scaled = g.op("Mul", means, prod(m.windows.kernel) * m.weight.reshape(row))
    return g.op("Add", scaled, m.bias.reshape(row))


def add_window_means(g: ModuleGraph, m: Any, x: TracedArray) -> str:
    """The mean of each window, including the zeros of the padding."""
    name, windows = pad_windows(g, m, x, 0)
    return g.op("AveragePool", name, **windows, count_include_pad=1)


def adaptive_max_pooling(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    x.require_fixed(2)
    name, axes = x.name, len(x.shape)
    starts, stops = m.get_starts(), m.get_stops()
    for axis in (-1, -2):
        start, stop = starts[axis][0], stops[axis][0]
        taps = np.minimum(start[:, None] + np.arange((stop - start).max()), stop[:, None] - 1)
        name = g.reduce("Max", g.op("Gather", name, taps, axis=axes + axis), axes + axis + 1)
    return name


def feature_lp_pooling(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if x.shape[m.axis] == -1:
        raise ValueError("its features are the rows of the batch")
    x.require_fixed(len(x.shape) - m.axis - 1)
    width, stride = m.windows.kernel[0], m.windows.stride[0]
    count = y.small_batch.shape[m.axis]
    inside = np.arange(x.small_batch.shape[m.axis]) - stride * np.arange(count)[:, None]
    sums = ((inside >= 0) & (inside < width)).astype(np.float32)
    first = x.shape[: m.axis + 1]
    columns = g.reshape(g.op("Pow", x.name, float(m.power)), (*first, prod(x.small_batch.shape[m.axis + 1 :])))
    return g.reshape(g.op("Pow", g.op("MatMul", sums, columns), 1 / m.power), y.shape)


def temporal_dynamic_k_max_pooling(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    axis = len(x.shape) - 2
    k = g.constant(np.array([y.small_batch.shape[axis]]))
    if x.shape[axis] == -1 and m.factor:
        if y.shape[axis] != -1:
            raise ValueError("the traced batch is too short to show the number of frames kept; use more frames")
        frames = g.op("Slice", g.op("Shape", x.name), np.array([axis]), np.array([axis + 1]))
        part = g.op("Mul", g.op("Cast", frames, to="float64"), g.float64(m.factor))
        k = g.op("Max", g.to_integers(g.op("Ceil", part)), np.array([m.min_k]))
    _, chosen = g.ops("TopK", 2, x.name, k, axis=axis)
    ordered, _ = g.ops("TopK", 2, chosen, k, axis=axis, largest=0)
    return g.op("GatherElements", x.name, ordered, axis=axis)


def pad_windows(g: ModuleGraph, m: Any, x: TracedArray, value: float) -> tuple[str, dict[str, Any]]:
    """x (N, C, ...), and the windows as attributes, with the padding that gives the layer's number of windows.

    An operator's padding must be smaller than its kernel; if that is not enough, x is padded before.
    """
    windows, axes = m.windows, len(m.windows.kernel)
    before = list(windows.padding) or [0] * axes
    if any(before) or m.ceil_mode:
        x.require_fixed(axes)
    rows = zip(
        m.count_windows(x.small_batch), windows.stride, windows.span, x.small_batch.shape[-axes:], before, strict=True
    )
    after = [max((count - 1) * step + span - size - pad, 0) for count, step, span, size, pad in rows]
    name = g.unsqueeze(x.name, *range(axes + 2 - len(x.shape)))
    pads = [*before, *after]
    if not all(pad < size for pad, size in zip(pads, [*windows.kernel] * 2, strict=True)):
        name, pads = g.op("Pad", name, np.array([0, 0, *before, 0, 0, *after]), value), [0] * (2 * axes)
    return name, {"kernel_shape": [*windows.kernel], "strides": [*windows.stride], "pads": pads}


def drop_padding_axes(g: ModuleGraph, m: Any, name: str, x: TracedArray) -> str:
    """Remove the leading axes that ``pad_windows`` added."""
    return g.squeeze(name, *range(len(m.windows.kernel) + 2 - len(x.shape)))


WRITERS: dict[str, OnnxWriter] = {
    **dict.fromkeys(
        (
            *("SpatialDilatedMaxPooling", "SpatialMaxPooling", "TemporalMaxPooling"),
            *("VolumetricDilatedMaxPooling", "VolumetricMaxPooling"),
        ),
        max_pooling,
    ),
    **dict.fromkeys(("SpatialMaxUnpooling", "VolumetricMaxUnpooling"), max_unpooling),
    **dict.fromkeys(("SpatialAveragePooling", "VolumetricAveragePooling"), average_pooling),
    **dict.fromkeys(("SpatialSubSampling", "TemporalSubSampling"), sub_sampling),
    "SpatialAdaptiveMaxPooling": adaptive_max_pooling,
    "FeatureLPPooling": feature_lp_pooling,
    "TemporalDynamicKMaxPooling": temporal_dynamic_k_max_pooling,
}
