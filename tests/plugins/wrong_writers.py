"""A plugin whose ONNX writers are a list."""

from __future__ import annotations

from typing import Any

from nntrain.hooks import hookimpl


@hookimpl
def nntrain_onnx_writers() -> Any:
    return ["Tanh"]
