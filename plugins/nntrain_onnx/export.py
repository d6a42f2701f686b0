"""A network written into an ONNX file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from nntrain.exchange import ExchangeNetwork
from nntrain.nn.module import Module
from nntrain_onnx.answers import Asked, answered, bare
from nntrain_onnx.feed import Feed
from nntrain_onnx.model_file import OPSETS, check_size, library, model_of, save
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.rows import batch, encoded

__all__ = ["export"]


def export(network: ExchangeNetwork, path: Path, input_size: tuple[int, ...] | None) -> Sequence[str]:
    """Write a network, which is left as it is; tell the inputs and outputs of the file."""
    library()
    graph = ModuleGraph(str(path))
    metadata = {}
    if network.schema is None or network.criterion is None:
        inputs, outputs = alone(graph, in_prediction(network.model), input_size)
    else:
        inputs, outputs = with_rows(graph, network)
        target = network.schema.target
        metadata = {"target": json.dumps(target.names), "labels": json.dumps(target.labels)}
        if network.threshold is not None:
            metadata["threshold"] = json.dumps(network.threshold)
    check_size(graph, path)
    save(model_of(graph, inputs, outputs, metadata), path)
    return told(inputs, outputs)


def in_prediction(model: Module) -> Module:
    """A copy of a model, in single precision and the mode of prediction."""
    copy = model.clone().float()
    copy.evaluate()
    return copy


def alone(graph: ModuleGraph, model: Module, size: tuple[int, ...] | None) -> tuple[list[Feed], list[Feed]]:
    """The input and the outputs of a network that came without preprocessing. CheckpointError without a size."""
    if size is None:
        raise graph.error("the network does not tell the sizes of a row: give --input-size, such as 1x28x28")
    feed = Feed("input", "float32", (-1, *size), "what the network takes")
    return [feed], bare(graph, graph.network(model, batch(feed.name, *size)))


def with_rows(graph: ModuleGraph, network: ExchangeNetwork) -> tuple[list[Feed], list[Feed]]:
    """The inputs and outputs of a network that knows what rows and targets are."""
    assert network.schema is not None
    assert network.criterion is not None
    schema = network.schema.state()
    inputs, x = encoded(graph, schema)
    y = graph.network(in_prediction(network.model), x)
    taken = [feed.name for feed in inputs]
    asked = Asked(network.criterion.clone().float(), network.threshold)
    return inputs, answered(graph, y, schema["target"], asked, taken)


def told(inputs: Sequence[Feed], outputs: Sequence[Feed]) -> list[str]:
    """The operators that a file needs, then its inputs and outputs in columns."""
    rows = [feed.cells(role) for role, feeds in (("input", inputs), ("output", outputs)) for feed in feeds]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    opsets = ", ".join(f"{domain or 'opset'} {version}" for domain, version in OPSETS.items())
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [f"ONNX, {opsets}", *(line.rstrip() for line in lines)]
