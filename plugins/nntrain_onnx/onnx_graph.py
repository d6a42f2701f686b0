"""A graph of operators in memory, and its inputs and outputs."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from onnx import TensorProto, helper

from nntrain.compute.array import Array, Shape
from nntrain.errors import CheckpointError


@dataclass(frozen=True)
class ValueInfo:
    """An input or output of the graph: name, element type, shape (−1: rows) and meaning."""

    name: str
    dtype: str
    shape: Shape
    meaning: str

    def to_row(self, role: str) -> tuple[str, str, str, str]:
        """Format it for printing: ``input``, ``age``, ``float64 (rows, 1)``, and the meaning."""
        sizes = ", ".join("rows" if size == -1 else str(size) for size in self.shape)
        return role, self.name, f"{self.dtype} ({sizes}{',' if len(self.shape) == 1 else ''})", self.meaning


class OnnxGraph:
    """Nodes in the order of computation, and the constants among their inputs, each distinct one once.

    ``place`` is the prefix of the names of new nodes: "0.2" for the third module of the first.
    """

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Array] = {}
        self.place = ""
        self._known: dict[tuple[str, Shape, bytes], str] = {}

    def op(self, kind: str, *inputs: str | Array | float, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output; return the output's name. Arrays and numbers become float32 constants."""
        return self.ops(kind, 1, *inputs, domain=domain, **attributes)[0]

    def ops(
        self, kind: str, count: int, *inputs: str | Array | float, domain: str = "", **attributes: Any
    ) -> list[str]:
        """Add a node with ``count`` outputs; return their names."""
        name = f"{self.place}/{kind}.{len(self.nodes)}"
        outputs = [name if count == 1 else f"{name}.{index}" for index in range(count)]
        given = [value if isinstance(value, str) else self.constant(to_float32(value)) for value in inputs]
        if "to" in attributes:
            attributes["to"] = get_element_type(attributes["to"])
        self.nodes.append(helper.make_node(kind, given, outputs, name, domain=domain, **attributes))
        return outputs

    def constant(self, value: Array) -> str:
        """Add a constant in its own type; return its name."""
        value = np.ascontiguousarray(value).reshape(value.shape)
        key = value.dtype.str, value.shape, sha256(value.tobytes()).digest()
        if key not in self._known:
            self._known[key] = name = f"{self.place}/constant.{len(self.constants)}"
            self.constants[name] = value
        return self._known[key]

    def float64(self, value: Any) -> str:
        """Add a constant in double precision; return its name."""
        return self.constant(np.asarray(value, np.float64))

    def rename(self, name: str, new: str) -> None:
        """Copy a value to the name of an output: by a node, as the value may be an input or used elsewhere."""
        node = f"{self.place}/Identity.{len(self.nodes)}"
        self.nodes.append(helper.make_node("Identity", [name], [new], node, domain=""))

    # Operations that many modules need

    def reshape(self, name: str, shape: Shape) -> str:
        """Reshape a value; one size may be −1, growing with the rows."""
        if sum(size == -1 for size in shape) > 1:
            raise CheckpointError(f"more than one axis of the shape {shape} depends on the number of rows")
        return self.op("Reshape", name, np.array(shape, np.int64))

    def unsqueeze(self, name: str, *axes: int) -> str:
        """Add axes of size 1."""
        return self.op("Unsqueeze", name, np.array(axes)) if axes else name

    def squeeze(self, name: str, *axes: int) -> str:
        """Remove axes of size 1."""
        return self.op("Squeeze", name, np.array(axes)) if axes else name

    def reduce(self, kind: str, name: str, *axes: int, keep: bool = False) -> str:
        """Reduce axes by a sum, mean, maximum, minimum or norm."""
        return self.op(f"Reduce{kind}", name, np.array(axes), keepdims=int(keep))

    def slice(self, name: str, axis: int, start: int, stop: int) -> str:
        """Slice an axis."""
        return self.op("Slice", name, *(np.array([number]) for number in (start, stop, axis)))

    def to_integers(self, name: str) -> str:
        """Cast a value to int64."""
        return self.op("Cast", name, to="int64")


def to_float32(value: Array | float) -> Array:
    """Convert a constant: floating-point numbers to float32, integers to int64."""
    array = np.asarray(value)
    if array.dtype.kind == "f" or isinstance(value, float | int):
        return array.astype(np.float32)
    return array.astype(np.int64) if array.dtype.kind in "iu" else array


def get_element_type(kind: str) -> int:
    """Return the format's number of an element type."""
    number: int = getattr(TensorProto, {"float32": "FLOAT", "float64": "DOUBLE"}.get(kind, kind.upper()))
    return number
