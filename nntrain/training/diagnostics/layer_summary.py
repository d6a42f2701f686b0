"""A summary of the modules of a network with their shapes and parameter counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from nntrain.compute.array import Value, is_table
from nntrain.nn.container import Container
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


def iterate_layers(module: Module, rows: int, path: str = "", depth: int = 0, axis: int = 0) -> Iterator[LayerSummary]:
    """Yield every module of a network that has just been run on ``rows`` rows, in preorder; ``axis``: that of rows."""
    label = f"{module.label()} (frozen)" if module.frozen else module.label()
    yield LayerSummary(path, depth, label, format_shape(module.output, rows, axis), count_parameters(module))
    axis += module.inner_axes if isinstance(module, Container) else 0
    for index, child in enumerate(module.children()):
        yield from iterate_layers(child, rows, f"{path}.{index}".removeprefix("."), depth + 1, axis)


def format_shape(value: Value, rows: int, axis: int = 0) -> str:
    """Format a shape, with N for the rows of the batch."""
    if is_table(value):
        return "[" + ", ".join(format_shape(item, rows, axis) for item in value) + "]"
    sizes = list(map(str, value.shape))
    if value.shape[axis : axis + 1] == (rows,):
        sizes[axis] = "N"
    return f"({', '.join(sizes)})" if value.size else "-"


def count_parameters(module: Module) -> int:
    """Return the number of parameters that a module learns; 0 if it is frozen."""
    distinct = {get_memory_key(array): array.size for array in module.parameters()[0]}
    return sum(distinct.values())
