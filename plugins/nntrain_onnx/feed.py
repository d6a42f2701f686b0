"""What a graph is given, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.nn.array import Shape

__all__ = ["Feed"]


@dataclass(frozen=True)
class Feed:
    """An input or output of the graph: its name, the type of its elements, its sizes (−1: rows), and what it means."""

    name: str
    kind: str
    shape: Shape
    meaning: str
