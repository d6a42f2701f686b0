"""Networks into ONNX files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nntrain.exchange import ExchangeNetwork, Exporter

__all__ = ["OnnxExporter"]


class OnnxExporter(Exporter):
    """A network in prediction, single precision, with the preprocessing of its rows and the meaning of its outputs.

    Where they are known: a network without them has the input ``input`` and the output ``output``. Operators are
    those of opset 18, and of ai.onnx.ml 3 for texts. Any number of rows goes through at once.
    Errors: CheckpointError, with the place in the network, for a module that ONNX has no counterpart for, for sizes
    that nobody tells, and for more than 2 GB; PluginError unless onnx is installed.
    """

    suffixes = (".onnx",)

    def write(
        self, network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None
    ) -> Sequence[str]:
        """Write a network, which is left as it is; tell the inputs and outputs of the file."""
        from nntrain_onnx.export import export_network  # every run loads the plugin, and few export

        return export_network(network, path, input_size)
