"""Graphs of modules, run by onnxruntime."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import onnxruntime

from nntrain import nn
from nntrain.compute.array import Value
from nntrain.nn import Module
from nntrain_onnx.export import build_model
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.onnx_graph import ValueInfo
from nntrain_onnx.prediction_outputs import add_raw_outputs
from nntrain_onnx.traced_array import trace_values, with_names

__all__ = ["compare", "leaves", "made", "run_module", "session", "single", "twice"]


def session(model: Any) -> onnxruntime.InferenceSession:
    """What runs a model, or a file."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    source = model if isinstance(model, str) else model.SerializeToString()
    return onnxruntime.InferenceSession(source, options, ["CPUExecutionProvider"])


def run_module(module: Module, few: Value, more: Value, x: Value) -> list[Any]:
    """What onnxruntime gives for x, with a graph that was made of batches ``few`` and ``more``."""
    graph = ModuleGraph("net.onnx")
    numbers = itertools.count()
    flow = with_names(trace_values(few, more), numbered(few, numbers))
    outputs = add_raw_outputs(graph, graph.add_network(module, flow))
    inputs = [ValueInfo(wire.name, wire.small_batch.dtype.name, wire.shape, "") for wire in leaves(flow)]
    made = session(build_model(graph, inputs, outputs, {}))
    values = dict(zip([feed.name for feed in inputs], leaves(x), strict=True))
    return list(made.run(None, {given.name: values[given.name] for given in made.get_inputs()}))


def numbered(value: Value, numbers: Iterator[int]) -> Any:
    """A name for each array."""
    return [numbered(item, numbers) for item in value] if isinstance(value, list) else f"x{next(numbers)}"


def leaves(value: Any) -> list[Any]:
    """What lies in nested lists, from left to right."""
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else [value]


def single(value: Any) -> Value:
    """The floating arrays in single precision."""
    if isinstance(value, list | tuple):
        return [single(item) for item in value]
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def twice(value: Value, axis: int) -> Value:
    """Every array beside itself, along an axis."""
    if isinstance(value, list):
        return [twice(item, axis) for item in value]
    return np.concatenate([value, value], axis)


def made(spec: dict[str, Any]) -> Module:
    """A module in prediction and single precision."""
    nn.manual_seed(3)
    module: Module = nn.build(spec, "module").float()
    module.evaluate()
    return module


def compare(module: Module, few: Any, more: Any, x: Any) -> list[Any]:
    """What onnxruntime gives for x, which is what the module does."""
    got = run_module(module.clone(), few, more, x)
    for theirs, ours in zip(got, leaves(module.forward(x)), strict=True):
        assert theirs.dtype == ours.dtype
        assert theirs.shape == ours.shape
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-5)
    return got
