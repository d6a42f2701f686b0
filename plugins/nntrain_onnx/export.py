"""Export of a network to an ONNX file."""

import json
from collections.abc import Sequence
from pathlib import Path

from nntrain.exchange import ExchangeNetwork
from nntrain.nn.module import Module
from nntrain_onnx.model_file import OPSETS, build_model, check_size, import_onnx, save_model
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.prediction_outputs import PredictionOutputs, add_raw_outputs
from nntrain_onnx.preprocessing import add_preprocessing, create_batch
from nntrain_onnx.value_info import ValueInfo


def export_network(network: ExchangeNetwork, path: Path, input_size: tuple[int, ...] | None) -> Sequence[str]:
    """Write a network, which is not changed; return the inputs and outputs of the file as lines."""
    import_onnx()
    graph = ModuleGraph(str(path))
    metadata = {}
    if network.schema is None or network.criterion is None:
        inputs, outputs = add_bare_network(graph, to_inference(network.model), input_size)
    else:
        inputs, outputs = add_full_network(graph, network)
        target = network.schema.target
        metadata = {"target": json.dumps(target.names), "labels": json.dumps(target.labels)}
        if network.threshold is not None:
            metadata["threshold"] = json.dumps(network.threshold)
    check_size(graph, path)
    save_model(build_model(graph, inputs, outputs, metadata), path)
    return format_signature(inputs, outputs)


def to_inference(model: Module) -> Module:
    """Return a copy of a model in float32 and evaluation mode."""
    copy = model.clone().float()
    copy.evaluate()
    return copy


def add_bare_network(
    graph: ModuleGraph, model: Module, size: tuple[int, ...] | None
) -> tuple[list[ValueInfo], list[ValueInfo]]:
    """Add a network without preprocessing; return its input and outputs. CheckpointError without a size."""
    if size is None:
        raise graph.create_error("the shape of a row is unknown; set it, e.g. --input-size 1x28x28")
    feed = ValueInfo("input", "float32", (-1, *size), "input of the network")
    return [feed], add_raw_outputs(graph, graph.add_network(model, create_batch(feed.name, *size)))


def add_full_network(graph: ModuleGraph, network: ExchangeNetwork) -> tuple[list[ValueInfo], list[ValueInfo]]:
    """Add a network with preprocessing and predictions; return its inputs and outputs."""
    assert network.schema is not None
    assert network.criterion is not None
    schema = network.schema.state()
    inputs, x = add_preprocessing(graph, schema)
    y = graph.add_network(to_inference(network.model), x)
    criterion, used_names = network.criterion.clone().float(), [feed.name for feed in inputs]
    return inputs, PredictionOutputs(graph, y, schema["target"], criterion, network.threshold, used_names).add()


def format_signature(inputs: Sequence[ValueInfo], outputs: Sequence[ValueInfo]) -> list[str]:
    """Format the operator sets of a file, then its inputs and outputs in columns."""
    rows = [feed.to_row(role) for role, feeds in (("input", inputs), ("output", outputs)) for feed in feeds]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    opsets = ", ".join(f"{domain or 'opset'} {version}" for domain, version in OPSETS.items())
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [f"ONNX, {opsets}", *(line.rstrip() for line in lines)]
