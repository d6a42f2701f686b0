"""y = m[0](x), m[1](x), ... joined along an axis."""

from collections.abc import Sequence
from typing import ClassVar, TypeAlias

from nntrain.compute.array import Array, Shape, Value
from nntrain.errors import ShapeError
from nntrain.nn.bases.branch_container import BranchContainer
from nntrain.nn.module import Module

Window: TypeAlias = tuple[slice, ...]


def compute_windows(shapes: Sequence[Shape], dim: int, centered: bool = False) -> tuple[Shape, list[Window]]:
    """Return the shape of arrays joined along ``dim``, and the window of each.

    With ``centered`` the arrays may differ along the other axes too: the result has the largest size, and a smaller
    array starts at (largest − size) // 2. ShapeError for shapes that cannot be joined.
    """
    ndim = len(shapes[0])
    if not -ndim <= dim < ndim or any(len(shape) != ndim for shape in shapes):
        raise ShapeError(f"expected outputs with the same number of axes, including axis {dim}, got {list(shapes)}")
    axis = dim % ndim
    size = [max(sizes) for sizes in zip(*shapes, strict=True)]
    if not centered and any(shape[k] != size[k] for shape in shapes for k in range(ndim) if k != axis):
        raise ShapeError(f"expected outputs that differ only along axis {dim}, got {list(shapes)}")
    size[axis] = sum(shape[axis] for shape in shapes)
    windows = []
    start = 0
    for shape in shapes:
        first = [(outer - inner) // 2 for inner, outer in zip(shape, size, strict=True)]
        first[axis] = start
        windows.append(tuple(slice(offset, offset + inner) for offset, inner in zip(first, shape, strict=True)))
        start += shape[axis]
    return tuple(size), windows


def fill_windows(whole: Array, parts: Sequence[Array], windows: Sequence[Window]) -> None:
    """Copy each part into its window, and fill the rest with zeros."""
    if sum(part.size for part in parts) < whole.size:
        whole[...] = 0
    for part, window in zip(parts, windows, strict=True):
        whole[window] = part


class Concat(BranchContainer):
    """y = m[0](x), m[1](x), ... joined along dim;  dx = Σ dx of the modules, each from its window of dy.

    Shapes:
        x an array or a (nested) list of arrays → y; sizes along dim add up, the others must agree
    dim counts the batch axis: 0 for single vectors, 1 for batches of vectors.
    Errors: ShapeError for outputs that cannot be joined, or without modules.
    Source: torch/nn, Concat.lua.
    """

    # Whether outputs of different sizes are centered along the other axes.
    centered: ClassVar[bool] = False

    def __init__(self, dim: int, modules: Sequence[Module] | None = None) -> None:
        self.dim = dim
        super().__init__(modules)

    def update_output(self, x: Value) -> Array:
        outputs = self.compute_outputs(x)
        if not outputs:
            raise self.shape_error("at least one module", outputs)
        shape, windows = compute_windows([output.shape for output in outputs], self.dim, self.centered)
        y = self.output_of(shape, like=outputs[0])
        fill_windows(y, outputs, windows)
        return y

    def split_gradient(self, dy: Array) -> list[Array]:
        _, windows = compute_windows([module.output.shape for module in self.modules], self.dim, self.centered)
        return [dy[window] for window in windows]
