"""Containers."""

from dataclasses import replace
from typing import Any

import numpy as np

from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.traced_array import OnnxWriter, TracedArray, TracedValue, get_names


def sequential(g: ModuleGraph, m: Any, x: TracedValue, y: TracedValue) -> Any:
    for index, module in enumerate(m.modules):
        x = g.add_module(module, x, index)
    return get_names(x)


def parallel_table(g: ModuleGraph, m: Any, x: TracedValue, y: TracedValue) -> Any:
    pairs = enumerate(zip(m.modules, x, strict=False))
    return [get_names(g.add_module(module, item, index)) for index, (module, item) in pairs]


def concat(g: ModuleGraph, m: Any, x: TracedValue, y: TracedArray) -> str:
    parts = [g.add_module(module, x, index) for index, module in enumerate(m.modules)]
    return g.op("Concat", *get_names(parts), axis=m.dim)


def depth_concat(g: ModuleGraph, m: Any, x: TracedValue, y: TracedArray) -> str:
    dim = m.dim % len(y.shape)
    parts = []
    for index, module in enumerate(m.modules):
        part = g.add_module(module, x, index)
        free = [n - k for n, k in zip(y.small_batch.shape, part.small_batch.shape, strict=True)]
        free[dim] = 0
        pads = [n // 2 for n in free] + [n - n // 2 for n in free]
        parts.append(g.op("Pad", part.name, np.array(pads), 0.0) if any(free) else part.name)
    return g.op("Concat", *parts, axis=dim)


def parallel(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    if x.shape[m.input_dim] == -1:
        raise ValueError("its slices are the rows of the batch")
    parts = []
    for index in range(x.small_batch.shape[m.input_dim]):
        few, more = (np.take(value, index, m.input_dim) for value in (x.small_batch, x.large_batch))
        part = TracedArray(g.op("Gather", x.name, np.array(index), axis=m.input_dim), few, more)
        parts.append(g.add_module(m.modules[index], part, index).name)
    return g.op("Concat", *parts, axis=m.output_dim)


def bottle(g: ModuleGraph, m: Any, x: TracedArray, y: TracedArray) -> str:
    folded = TracedArray("", m.fold_axes(x.small_batch), m.fold_axes(x.large_batch))
    inner = replace(folded, name=g.reshape(x.name, folded.shape))
    return g.reshape(g.add_module(m.module, inner, 0).name, y.shape)


WRITERS: dict[str, OnnxWriter] = {
    **dict.fromkeys(("Maxout", "Sequential", "SpatialContrastiveNormalization", "SpatialLPPooling"), sequential),
    **dict.fromkeys(
        ("Decorator", "DontCast", "GPU", "NaN", "Profile", "WeightNorm"),
        lambda g, m, x, y: get_names(g.add_module(m.module, x, 0)),
    ),
    "ConcatTable": lambda g, m, x, y: parallel_table(g, m, [x] * len(m.modules), y),
    **dict.fromkeys(("ParallelTable", "MapTable"), parallel_table),
    "Concat": concat,
    "DepthConcat": depth_concat,
    "Parallel": parallel,
    "Bottle": bottle,
}
