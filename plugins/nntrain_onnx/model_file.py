"""Conversion of a graph to a model of the ONNX library."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx

from nntrain.errors import CheckpointError
from nntrain_onnx.onnx_graph import OnnxGraph, get_element_type
from nntrain_onnx.value_info import ValueInfo

# The operator sets of graphs; old enough for all programs of recent years.
OPSETS = {"": 18, "ai.onnx.ml": 3}
IR_VERSION = 8

# The limit of the format's encoding, minus some room for names.
MAX_BYTES = 2**31 - 2**20


def build_model(
    graph: OnnxGraph, inputs: Sequence[ValueInfo], outputs: Sequence[ValueInfo], metadata: Mapping[str, str]
) -> Any:
    """Build the model, checked by the library."""
    helper = onnx.helper

    def build_value_info(feed: ValueInfo) -> Any:
        shape = ["rows" if size == -1 else size for size in feed.shape]
        return helper.make_tensor_value_info(feed.name, get_element_type(feed.dtype), shape, feed.meaning)

    sources, results = ([*map(build_value_info, values)] for values in (inputs, outputs))
    constants = [onnx.numpy_helper.from_array(array, name) for name, array in graph.constants.items()]
    onnx_graph = helper.make_graph(graph.nodes, "network", sources, results, constants)
    opsets = [helper.make_operatorsetid(domain, version) for domain, version in OPSETS.items()]
    program = {"producer_name": "nntrain", "producer_version": version("nntrain")}
    model = helper.make_model(onnx_graph, opset_imports=opsets, ir_version=IR_VERSION, **program)
    helper.set_model_props(model, dict(metadata))
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise CheckpointError(f"not a valid ONNX graph: {' '.join(str(error).split())}") from error
    return model


def check_size(graph: OnnxGraph, path: Path) -> None:
    """Raise CheckpointError if the constants exceed the limit of the format."""
    total = sum(array.nbytes for array in graph.constants.values())
    if total > MAX_BYTES:
        raise CheckpointError(f"{path}: expected parameters of at most 2 GB in an ONNX file, got {total:,} bytes")
