"""Inputs and outputs of a graph."""

from dataclasses import dataclass

from nntrain.compute.array import Shape


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
