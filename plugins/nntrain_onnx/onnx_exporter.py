"""The exporter of ONNX files."""

from collections.abc import Sequence
from pathlib import Path

from nntrain.errors import PluginError
from nntrain.exchange import ExchangeNetwork, Exporter


class OnnxExporter(Exporter):
    """A network in evaluation mode and float32, with the preprocessing of its rows and the meaning of its outputs.

    A network without these has the input ``input`` and the output ``output``. Operators are those of opset 18, and of
    ai.onnx.ml 3 for strings. A file accepts any number of rows at once.
    Errors: CheckpointError, with the path of the module, for a module without a counterpart in ONNX, for unknown
    sizes, and for more than 2 GB; PluginError unless onnx is installed.
    """

    suffixes = (".onnx",)

    def write(
        self, network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None
    ) -> Sequence[str]:
        """Write a network, which is not changed; return the inputs and outputs of the file as lines."""
        try:
            import onnx  # noqa: F401
        except ImportError as error:
            raise PluginError('an .onnx file needs onnx: pip install "nntrain[onnx]"') from error
        from nntrain_onnx.export import export_network  # every run loads the plugin, and few export

        return export_network(network, path, input_size)
