"""Convolutions and transposed convolutions."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.windows import Windows
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray, TracedValue


def convolution(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    weight = m.weight.reshape(m.n_output_plane, m.n_input_plane, *m.windows.kernel)
    return add_convolution(g, m, x, weight, m.bias)


def depth_wise_convolution(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    weight = m.weight.swapaxes(0, 1).reshape(-1, 1, *m.windows.kernel)
    return add_convolution(g, m, x, weight, None if m.bias is None else m.bias.T.reshape(-1), m.n_input_plane)


def temporal_convolution(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    weight = m.weight.reshape(m.n_output_plane, -1, m.n_input_plane).swapaxes(1, 2)
    return add_convolution(g, m, x, weight, m.bias)


def convolution_local(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    (top, left), places = m.windows.padding, m.weight.shape[0] * m.weight.shape[1]
    name = g.op("Pad", to_batch(g, m, x), np.array([0, 0, top, left, 0, 0, top, left]), 0.0)
    c, h, w = m.n_input_plane, m.sizes[0] + 2 * top, m.sizes[1] + 2 * left
    flat = np.arange(c * h * w).reshape(c, h, w)
    (dh, dw) = m.windows.stride
    windows = np.lib.stride_tricks.sliding_window_view(flat, m.windows.kernel, (1, 2))[:, ::dh, ::dw]
    taps = windows.transpose(1, 2, 0, 3, 4).reshape(places, -1)
    rows = g.op("Gather", g.reshape(name, (-1, c * h * w)), taps, axis=1)
    kernels = m.weight.reshape(places, m.n_output_plane, -1).swapaxes(1, 2)
    product = g.op("MatMul", g.op("Transpose", rows, perm=[1, 0, 2]), kernels)
    channels = g.op("Transpose", product, perm=[1, 2, 0])
    return g.op("Add", g.reshape(channels, y.shape), m.bias)


def full_convolution(g: ModuleGraph, m: Any, x: TracedValue, y: TracedArray) -> str:
    return add_transposed_convolution(g, m, x[0] if isinstance(x, list) else x, y, m.weight)


def add_convolution(g: ModuleGraph, m: Any, x: TracedArray, weight: Array, bias: Array | None, groups: int = 1) -> str:
    """y = b + W ⋆ x."""
    biases = [] if bias is None else [bias]
    return from_batch(
        g, m, x, g.op("Conv", to_batch(g, m, x), weight, *biases, **get_attributes(m.windows), group=groups)
    )


def add_transposed_convolution(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray, weight: Array) -> str:
    """y = b + Wᵀ ⋆ x, of the traced size."""
    windows, axes = m.windows, len(m.windows.kernel)
    covered = windows.get_covered_sizes(x.small_batch.shape[-axes:])
    inputs = (to_batch(g, m, x), weight, *([] if m.bias is None else [m.bias]))
    padding = [size - least for size, least in zip(y.small_batch.shape[-axes:], covered, strict=True)]
    return from_batch(g, m, x, g.op("ConvTranspose", *inputs, **get_attributes(windows), output_padding=padding))


def get_attributes(windows: Windows) -> dict[str, Any]:
    """Return the windows as attributes of an operator."""
    return {
        "kernel_shape": [*windows.kernel],
        "strides": [*windows.stride],
        "pads": [*windows.padding, *windows.padding],
        "dilations": [*windows.dilation],
    }


def expand_connections(m: Any, first: int, second: int, pairing: tuple[int, int]) -> Array:
    """Return the kernels of a connection table in the array of all pairs of channels."""
    weight = np.zeros((first, second, *m.windows.kernel), m.weight.dtype)
    np.add.at(weight, tuple(m.conn_table[:, column] for column in pairing), m.weight)
    return weight


def to_batch(g: ModuleGraph, m: Any, x: TracedArray) -> str:
    """x as a batch with channels before the axes of the kernel."""
    axes = len(m.windows.kernel)
    name = x.name if len(x.shape) == axes + 2 else g.unsqueeze(x.name, 0)
    return g.op("Transpose", name, perm=[0, 2, 1]) if m.channels_last else name


def from_batch(g: ModuleGraph, m: Any, x: TracedArray, name: str) -> str:
    """The inverse of ``to_batch`` for the output."""
    name = g.op("Transpose", name, perm=[0, 2, 1]) if m.channels_last else name
    return name if len(x.shape) == len(m.windows.kernel) + 2 else g.squeeze(name, 0)


WRITERS: dict[str, OnnxWriter] = {
    **dict.fromkeys(
        (
            *("SpatialConvolution", "SpatialConvolutionMM", "SpatialDilatedConvolution"),
            *("VolumetricConvolution", "VolumetricDilatedConvolution"),
        ),
        convolution,
    ),
    "SpatialDepthWiseConvolution": depth_wise_convolution,
    "SpatialConvolutionMap": lambda g, m, x, y: add_convolution(
        g, m, x, expand_connections(m, m.n_output_plane, m.n_input_plane, (1, 0)), m.bias
    ),
    "TemporalConvolution": temporal_convolution,
    "TemporalRowConvolution": lambda g, m, x, y: add_convolution(g, m, x, m.weight, m.bias, m.n_input_plane),
    "SpatialConvolutionLocal": convolution_local,
    **dict.fromkeys(("SpatialFullConvolution", "VolumetricFullConvolution"), full_convolution),
    "SpatialFullConvolutionMap": lambda g, m, x, y: add_transposed_convolution(
        g, m, x, y, expand_connections(m, m.n_input_plane, m.n_output_plane, (0, 1))
    ),
}
