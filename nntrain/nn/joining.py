"""Arrays joined along an axis: the shape of the whole, and where each part lies in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from nntrain.errors import ShapeError
from nntrain.nn.array import Array, Shape

__all__ = ["Window", "fill", "layout"]

Window: TypeAlias = tuple[slice, ...]


def layout(shapes: Sequence[Shape], dim: int, centred: bool = False) -> tuple[Shape, list[Window]]:
    """The shape of parts joined along ``dim``, and the window of each.

    With ``centred`` the parts may differ along the other axes too: the whole has the largest size of all, and a
    smaller part begins at (largest − size) // 2. ShapeError for parts that do not fit.
    """
    ndim = len(shapes[0])
    if not -ndim <= dim < ndim or any(len(shape) != ndim for shape in shapes):
        raise ShapeError(f"expected outputs of as many axes each, {dim} among them, got {list(shapes)}")
    axis = dim % ndim
    size = [max(sizes) for sizes in zip(*shapes, strict=True)]
    if not centred and any(shape[k] != size[k] for shape in shapes for k in range(ndim) if k != axis):
        raise ShapeError(f"expected outputs that differ along axis {dim} alone, got {list(shapes)}")
    size[axis] = sum(shape[axis] for shape in shapes)
    windows = []
    start = 0
    for shape in shapes:
        first = [(outer - inner) // 2 for inner, outer in zip(shape, size, strict=True)]
        first[axis] = start
        windows.append(tuple(slice(begin, begin + inner) for begin, inner in zip(first, shape, strict=True)))
        start += shape[axis]
    return tuple(size), windows


def fill(whole: Array, parts: Sequence[Array], windows: Sequence[Window]) -> None:
    """Put each part into its window, and zeros where there is none."""
    if sum(part.size for part in parts) < whole.size:
        whole[...] = 0
    for part, window in zip(parts, windows, strict=True):
        whole[window] = part
