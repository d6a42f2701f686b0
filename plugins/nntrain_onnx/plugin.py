"""What the family brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.exchange import Exporter
from nntrain.hooks import hookimpl
from nntrain_onnx.onnx_exporter import OnnxExporter
from nntrain_onnx.writers.writer import Writer

__all__ = ["nntrain_exporters", "nntrain_onnx_writers"]


@hookimpl
def nntrain_exporters() -> tuple[type[Exporter], ...]:
    return (OnnxExporter,)


@hookimpl
def nntrain_onnx_writers() -> Mapping[type[Any], Writer]:
    from nntrain_onnx.writers.built_in import built_in  # every run loads the plugin, and few export

    return built_in()
