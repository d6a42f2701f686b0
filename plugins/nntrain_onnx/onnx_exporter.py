"""Networks into ONNX files."""

from __future__ import annotations

import json
from pathlib import Path

from nntrain.errors import CheckpointError
from nntrain.exchange import Exporter, Network
from nntrain_onnx.answers import answered, bare
from nntrain_onnx.feed import Feed
from nntrain_onnx.model_file import check_size, library, model_of, save
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.rows import batch, encoded

__all__ = ["OnnxExporter"]


class OnnxExporter(Exporter):
    """A network in prediction, single precision, with the preprocessing of its rows and the meaning of its outputs.

    Where they are known: a network without them has the input ``input`` and the output ``output``. Operators are
    those of opset 18, and of ai.onnx.ml 3 for texts. Any number of rows goes through at once.
    Errors: CheckpointError, with the place in the network, for a module that ONNX has no counterpart for, for sizes
    that nobody tells, and for more than 2 GB; PluginError unless onnx is installed.
    """

    suffixes = (".onnx",)

    def write(self, network: Network, path: Path, *, input_size: tuple[int, ...] | None = None) -> None:
        """Write a network, which is left as it is."""
        library()
        model = network.model.clone().float()
        model.evaluate()
        graph = ModuleGraph(str(path))
        metadata = {}
        if network.schema is None or network.criterion is None:
            if input_size is None:
                raise CheckpointError(
                    f"{path}: the network does not tell the sizes of a row: give --input-size, as 1x28x28"
                )
            feeds = [Feed("input", "float32", (-1, *input_size), "what the network takes")]
            outputs = bare(graph, graph.network(model, batch("input", *input_size)))
        else:
            schema = network.schema.state()
            feeds, x = encoded(graph, schema)
            y = graph.network(model, x)
            names = [feed.name for feed in feeds]
            outputs = answered(graph, y, schema["target"], type(network.criterion).__name__, names)
            metadata = {
                "target": json.dumps(network.schema.target.names),
                "labels": json.dumps(network.schema.target.labels),
            }
        check_size(graph, path)
        save(model_of(graph, feeds, outputs, metadata), path)
