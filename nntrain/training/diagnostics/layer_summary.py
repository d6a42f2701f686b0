"""A summary of the modules of a network with their shapes and parameter counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from nntrain.compute.array import Value, is_table
from nntrain.nn.module import Module
from nntrain.nn.parameter import get_memory_key


@dataclass(frozen=True)
class LayerSummary:
    """A module at the path ``place``, nested in ``depth`` containers; ``output``: the shape of its output.

    ``parameters``: the number of its parameters, including those of inner modules, shared ones once.
    """

    place: str
    depth: int
    module: str
    output: str
    parameters: int


def iterate_layers(module: Module, rows: int, path: str = "", depth: int = 0) -> Iterator[LayerSummary]:
    """Yield every module of a network that has just been run on ``rows`` rows, in preorder."""
    label = f"{module.label()} (frozen)" if module.frozen else module.label()
    yield LayerSummary(path, depth, label, format_shape(module.output, rows), count_parameters(module))
    for index, child in enumerate(module.children()):
        yield from iterate_layers(child, rows, f"{path}.{index}".removeprefix("."), depth + 1)


def format_shape(value: Value, rows: int) -> str:
    """Format a shape, with N for the rows of the batch: the first axis, or the second of three, as in (members, N, C).

    The axis is recognized by its size: with as many members as rows, the first one is N.
    """
    if is_table(value):
        return "[" + ", ".join(format_shape(item, rows) for item in value) + "]"
    sizes = list(map(str, value.shape))
    row_axes = value.shape[: 2 if value.ndim == 3 else 1]
    if rows in row_axes:
        sizes[row_axes.index(rows)] = "N"
    return f"({', '.join(sizes)})" if value.size else "-"


def count_parameters(module: Module) -> int:
    """Return the number of parameters that a module learns; 0 if it is frozen."""
    distinct = {get_memory_key(array): array.size for array in module.parameters()[0]}
    return sum(distinct.values())
