"""A summary of the modules of a network with their shapes and parameter counts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nntrain.compute.array import Value, is_table
from nntrain.nn.module import Module
from nntrain.nn.parameter import get_memory_key

# Shapes of the output of each module, in preorder; an output may be a nested list.
Shape = tuple[int, ...] | list["Shape"]


@dataclass(frozen=True)
class LayerSummary:
    """A module at the path ``place``, nested in ``depth`` containers; ``output``: the shape of its output, if known.

    ``parameters``: the number of its parameters, including those of inner modules, shared ones once.
    """

    place: str
    depth: int
    module: str
    output: str
    parameters: int


def summarize_layers(model: Module) -> list[LayerSummary]:
    """Summarize a network without shapes of outputs."""
    return [
        LayerSummary(place, depth, format_label(module), "", count_parameters(module))
        for place, depth, module in iterate_modules(model)
    ]


def summarize_outputs(model: Module, forward: Callable[[int], object], rows: int) -> list[LayerSummary]:
    """Summarize a network that ``forward`` runs on the given number of rows.

    Axes that differ between batches of ``rows`` and ``rows`` − 1 rows are those of the rows. A single row has no
    smaller batch: its axis is then the first one of that size.
    """
    shapes = []
    for count in (rows, rows - 1)[:rows]:
        forward(count)
        shapes.append([get_shape(module.output) for _, _, module in iterate_modules(model)])
    return [
        LayerSummary(place, depth, format_label(module), format_shape(large, small, rows), count_parameters(module))
        for (place, depth, module), large, small in zip(iterate_modules(model), shapes[0], shapes[-1], strict=True)
    ]


def iterate_modules(module: Module, path: str = "", depth: int = 0) -> Iterator[tuple[str, int, Module]]:
    """Yield the path, the depth and every module of a network, in preorder."""
    yield path, depth, module
    for index, child in enumerate(module.children()):
        yield from iterate_modules(child, f"{path}.{index}".removeprefix("."), depth + 1)


def format_label(module: Module) -> str:
    """Format the label of a module, with a mark if it is frozen."""
    return f"{module.label()} (frozen)" if module.frozen else module.label()


def get_shape(value: Value) -> Shape:
    """Return the shape of an output, which may be a nested list."""
    return [get_shape(item) for item in value] if is_table(value) else tuple(value.shape)


def format_shape(large: Shape, small: Shape, rows: int) -> str:
    """Format the shape of an output for ``rows`` rows, with N for them; ``small``: the shape for one row less."""
    if isinstance(large, list):
        inner = small if isinstance(small, list) and len(small) == len(large) else large
        pairs = zip(large, inner, strict=True)
        return f"[{', '.join(format_shape(*pair, rows) for pair in pairs)}]"
    if 0 in large:
        return "-"
    axes = {axis for axis, (size, other) in enumerate(zip(large, small, strict=False)) if size != other}
    if rows == 1 and 1 in large[:2]:
        axes = {large.index(1)}
    return f"({', '.join(format_size(size, rows) if axis in axes else str(size) for axis, size in enumerate(large))})"


def format_size(size: int, rows: int) -> str:
    """Format the size of an axis that grows with the rows: N, or 3N for three elements per row."""
    if size % rows:
        return str(size)
    return "N" if size == rows else f"{size // rows}N"


def count_parameters(module: Module) -> int:
    """Return the number of parameters that a module learns; 0 if it is frozen."""
    distinct = {get_memory_key(array): array.size for array in module.parameters()[0]}
    return sum(distinct.values())
