"""How a module is written into a graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from nntrain_onnx.wire import Flow

__all__ = ["Writer"]

# (graph, module, input, output without names) → the names of the output.
Writer: TypeAlias = Callable[[Any, Any, Flow, Flow], Any]
