"""The hooks of the ONNX exporter."""

from collections.abc import Mapping
from typing import Any

from nntrain.exchange import Exporter
from nntrain.hooks import hookimpl
from nntrain_onnx.onnx_exporter import OnnxExporter
from nntrain_onnx.traced_array import OnnxWriter


@hookimpl
def nntrain_exporters() -> tuple[type[Exporter], ...]:
    return (OnnxExporter,)


@hookimpl
def nntrain_onnx_writers() -> Mapping[type[Any], OnnxWriter]:
    # Late: every run loads the plugin, and few export.
    from nntrain_onnx.writers.built_in_writers import get_built_in_writers

    return get_built_in_writers()
