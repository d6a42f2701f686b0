"""The modules of a network with their shapes and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nntrain.compute.array import Value
from nntrain.nn.module import Module
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.table import is_table

__all__ = ["LayerRow", "layer_rows"]


@dataclass(frozen=True)
class LayerRow:
    """A module at ``place``, ``depth`` containers inside the network; ``output``: the shape of what it gives.

    ``parameters``: how many it has, those of the modules in it included, shared ones once.
    """

    place: str
    depth: int
    module: str
    output: str
    parameters: int


def layer_rows(network: Module, rows: int) -> list[LayerRow]:
    """Every module of a network that has just been run on so many rows, preorder."""
    return list(below(network, "", 0, rows))


def below(module: Module, place: str, depth: int, rows: int) -> Iterator[LayerRow]:
    """A module and those inside it."""
    label = f"{module.label()} (frozen)" if module.frozen else module.label()
    yield LayerRow(place, depth, label, shape_of(module.output, rows), count(module))
    for index, child in enumerate(module.children()):
        yield from below(child, f"{place}.{index}".removeprefix("."), depth + 1, rows)


def shape_of(value: Value, rows: int) -> str:
    """A shape in which N stands for the rows of a batch."""
    if is_table(value):
        return "[" + ", ".join(shape_of(item, rows) for item in value) + "]"
    sizes = list(map(str, value.shape))
    if value.shape[:1] == (rows,):
        sizes[0] = "N"
    return f"({', '.join(sizes)})" if value.size else "-"


def count(module: Module) -> int:
    """The numbers that a module learns, none if it is frozen."""
    distinct = {get_memory_key(array): array.size for array in module.parameters()[0]}
    return sum(distinct.values())
