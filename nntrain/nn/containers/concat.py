"""y = m[0](x), m[1](x), ... joined along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.nn.array import Array, Shape, Value
from nntrain.nn.fan import Fan
from nntrain.nn.joining import Window, fill, layout
from nntrain.nn.module import Module

__all__ = ["Concat"]


class Concat(Fan):
    """y = m[0](x), m[1](x), ... joined along dim;  dx = Σ dx of the modules, each from its part of dy.

    Shapes:
        x an array or a (nested) table → y, whose sizes along dim are added and whose others must agree
    dim counts the batch axis: 0 for samples that are vectors, 1 for batches of them.
    Errors: ShapeError for outputs that cannot be joined, and without modules.
    Source: torch/nn, Concat.lua.
    """

    def __init__(self, dim: int, modules: Sequence[Module] | None = None) -> None:
        self.dim = dim
        super().__init__(modules)

    def layout(self, shapes: Sequence[Shape]) -> tuple[Shape, list[Window]]:
        """The shape of y, and where each output lies in it."""
        return layout(shapes, self.dim)

    def update_output(self, x: Value) -> Array:
        outputs = self.outputs(x)
        if not outputs:
            raise self.shape_error("at least one module", outputs)
        shape, windows = self.layout([output.shape for output in outputs])
        y = self.output_of(shape, like=outputs[0])
        fill(y, outputs, windows)
        return y

    def parts(self, dy: Array) -> list[Array]:
        _, windows = self.layout([module.output.shape for module in self.modules])
        return [dy[window] for window in windows]
