"""A graph of operators, before it is a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.errors import CheckpointError

__all__ = ["OnnxGraph", "OnnxNode"]


@dataclass(frozen=True)
class OnnxNode:
    """An operator: which, of which domain, from and to which names, with which attributes."""

    op_type: str
    domain: str
    name: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    attributes: dict[str, Any] = field(default_factory=dict)


class OnnxGraph:
    """Nodes in the order of computation, and the constants among their inputs, equal ones once.

    ``place`` stands in the names of the nodes that are made next: "0.2" for the third module of the first.
    """

    def __init__(self) -> None:
        self.nodes: list[OnnxNode] = []
        self.constants: dict[str, Array] = {}
        self.place = ""
        self._known: dict[tuple[str, Shape, bytes], str] = {}

    def op(self, kind: str, *inputs: str | Array | float, domain: str = "", **attributes: Any) -> str:
        """A node with one output, whose name is returned. Arrays and numbers become constants in single precision."""
        return self.ops(kind, 1, *inputs, domain=domain, **attributes)[0]

    def ops(
        self, kind: str, count: int, *inputs: str | Array | float, domain: str = "", **attributes: Any
    ) -> list[str]:
        """A node with ``count`` outputs."""
        name = f"{self.place}/{kind}.{len(self.nodes)}"
        outputs = [name if count == 1 else f"{name}.{index}" for index in range(count)]
        given = [value if isinstance(value, str) else self.constant(to_float32(value)) for value in inputs]
        self.nodes.append(OnnxNode(kind, domain, name, given, outputs, attributes))
        return outputs

    def constant(self, value: Array) -> str:
        """The name of a constant, in its own type."""
        value = np.ascontiguousarray(value).reshape(value.shape)
        key = value.dtype.str, value.shape, sha256(value.tobytes()).digest()
        if key not in self._known:
            self._known[key] = name = f"{self.place}/constant.{len(self.constants)}"
            self.constants[name] = value
        return self._known[key]

    def rename(self, name: str, new: str) -> None:
        """Give a value another name, that of an output: by a node, as the value may be an input or used elsewhere."""
        self.nodes.append(OnnxNode("Identity", "", f"{self.place}/Identity.{len(self.nodes)}", [name], [new]))

    # What many modules need

    def reshape(self, name: str, shape: Shape) -> str:
        """A value in a shape, of which one size may grow with the rows."""
        if sum(size == -1 for size in shape) > 1:
            raise CheckpointError(f"more than one axis of the shape {shape} depends on the number of rows")
        return self.op("Reshape", name, np.array(shape, np.int64))

    def expand(self, name: str, shape: Shape) -> str:
        """A value with its axes of size 1 repeated; those that grow with the rows stay as they are."""
        return self.op("Expand", name, np.array([1 if size == -1 else size for size in shape], np.int64))

    def unsqueeze(self, name: str, *axes: int) -> str:
        """A value with more axes of size 1."""
        return self.op("Unsqueeze", name, np.array(axes)) if axes else name

    def squeeze(self, name: str, *axes: int) -> str:
        """A value without axes of size 1."""
        return self.op("Squeeze", name, np.array(axes)) if axes else name

    def reduce(self, kind: str, name: str, *axes: int, keep: bool = False) -> str:
        """A sum, mean, largest or smallest, or norm along axes."""
        return self.op(f"Reduce{kind}", name, np.array(axes), keepdims=int(keep))

    def slice(self, name: str, axis: int, start: int, stop: int) -> str:
        """A stretch of an axis."""
        return self.op("Slice", name, *(np.array([number]) for number in (start, stop, axis)))

    def to_integers(self, name: str) -> str:
        """A value as whole numbers."""
        return self.op("Cast", name, to="int64")


def to_float32(value: Array | float) -> Array:
    """A constant as operators of single precision take it."""
    array = np.asarray(value)
    if array.dtype.kind == "f" or isinstance(value, float | int):
        return array.astype(np.float32)
    return array.astype(np.int64) if array.dtype.kind in "iu" else array
