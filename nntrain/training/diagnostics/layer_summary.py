"""The modules of a network with their shapes and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nntrain.compute.array import Value
from nntrain.nn.module import Module
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.table import is_table

__all__ = ["LayerSummary", "summarize_layers"]


@dataclass(frozen=True)
class LayerSummary:
    """A module at ``place``, ``depth`` containers inside the network; ``output``: the shape of what it gives.

    ``parameters``: how many it has, those of the modules in it included, shared ones once.
    """

    place: str
    depth: int
    module: str
    output: str
    parameters: int


def summarize_layers(network: Module, rows: int) -> list[LayerSummary]:
    """Every module of a network that has just been run on so many rows, preorder."""
    return list(iterate_layers(network, "", 0, rows))


def iterate_layers(module: Module, path: str, depth: int, rows: int) -> Iterator[LayerSummary]:
    """A module and those inside it."""
    label = f"{module.label()} (frozen)" if module.frozen else module.label()
    yield LayerSummary(path, depth, label, format_shape(module.output, rows), count_parameters(module))
    for index, child in enumerate(module.children()):
        yield from iterate_layers(child, f"{path}.{index}".removeprefix("."), depth + 1, rows)


def format_shape(value: Value, rows: int) -> str:
    """A shape in which N stands for the rows of a batch."""
    if is_table(value):
        return "[" + ", ".join(format_shape(item, rows) for item in value) + "]"
    sizes = list(map(str, value.shape))
    if value.shape[:1] == (rows,):
        sizes[0] = "N"
    return f"({', '.join(sizes)})" if value.size else "-"


def count_parameters(module: Module) -> int:
    """The numbers that a module learns, none if it is frozen."""
    distinct = {get_memory_key(array): array.size for array in module.parameters()[0]}
    return sum(distinct.values())
