"""Export of a network to an ONNX file."""

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx

from nntrain.errors import CheckpointError
from nntrain.exchange import ExchangeNetwork
from nntrain.files import write_atomically
from nntrain.nn.module import Module
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.onnx_graph import OnnxGraph, ValueInfo, get_element_type
from nntrain_onnx.prediction_outputs import PredictionOutputs, add_raw_outputs
from nntrain_onnx.preprocessing import add_preprocessing, create_batch

# The operator sets of graphs; old enough for all programs of recent years.
OPSETS = {"": 18, "ai.onnx.ml": 3}
IR_VERSION = 8

# The limit of the format's encoding, minus some room for names.
MAX_BYTES = 2**31 - 2**20


def export_network(network: ExchangeNetwork, path: Path, input_size: tuple[int, ...] | None) -> Sequence[str]:
    """Write a network, which is not changed; return the inputs and outputs of the file as lines."""
    graph = ModuleGraph(str(path))
    metadata = {}
    model = network.model.clone().float()
    model.evaluate()
    if network.schema is None or network.criterion is None:
        inputs, outputs = add_bare_network(graph, model, input_size)
    else:
        # With preprocessing and predictions.
        schema, target = network.schema.state(), network.schema.target
        inputs, x = add_preprocessing(graph, schema)
        y, criterion = graph.add_network(model, x), network.criterion.clone().float()
        used_names = [feed.name for feed in inputs]
        outputs = PredictionOutputs(graph, y, schema["target"], criterion, network.threshold, used_names).add()
        metadata = {"target": json.dumps(target.names), "labels": json.dumps(target.labels)}
        if network.threshold is not None:
            metadata["threshold"] = json.dumps(network.threshold)
    total = sum(array.nbytes for array in graph.constants.values())
    if total > MAX_BYTES:
        raise CheckpointError(f"{path}: expected parameters of at most 2 GB in an ONNX file, got {total:,} bytes")
    file = build_model(graph, inputs, outputs, metadata)
    with write_atomically(path) as temporary:
        temporary.write_bytes(file.SerializeToString())
    return format_signature(inputs, outputs)


def add_bare_network(
    graph: ModuleGraph, model: Module, size: tuple[int, ...] | None
) -> tuple[list[ValueInfo], list[ValueInfo]]:
    """Add a network without preprocessing; return its input and outputs. CheckpointError without a size."""
    if size is None:
        raise graph.create_error("the shape of a row is unknown; set it, e.g. --input-size 1x28x28")
    feed = ValueInfo("input", "float32", (-1, *size), "input of the network")
    return [feed], add_raw_outputs(graph, graph.add_network(model, create_batch(feed.name, *size)))


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


def format_signature(inputs: Sequence[ValueInfo], outputs: Sequence[ValueInfo]) -> list[str]:
    """Format the operator sets of a file, then its inputs and outputs in columns."""
    rows = [feed.to_row(role) for role, feeds in (("input", inputs), ("output", outputs)) for feed in feeds]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    opsets = ", ".join(f"{domain or 'opset'} {version}" for domain, version in OPSETS.items())
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [f"ONNX, {opsets}", *(line.rstrip() for line in lines)]
