"""What the family brings."""

from __future__ import annotations

from nntrain.exchange import Exporter
from nntrain.hooks import hookimpl
from nntrain_onnx.onnx_exporter import OnnxExporter

__all__ = ["nntrain_exporters"]


@hookimpl
def nntrain_exporters() -> tuple[type[Exporter], ...]:
    return (OnnxExporter,)
