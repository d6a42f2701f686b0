"""How a module is written into a graph, by the name of its class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from nntrain_onnx.wire import Flow

__all__ = ["WRITERS", "Writer", "writes"]

# (graph, module, input, output without names) → the names of the output.
Writer: TypeAlias = Callable[[Any, Any, Flow, Flow], Any]

WRITERS: dict[str, Writer] = {}


def writes(*classes: str) -> Callable[[Writer], Writer]:
    """Register the writer of some classes."""

    def keep(writer: Writer) -> Writer:
        WRITERS.update(dict.fromkeys(classes, writer))
        return writer

    return keep
