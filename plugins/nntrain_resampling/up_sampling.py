"""y = x at a larger size, by repeating or interpolating."""

from typing import Literal

from nntrain.compute.array import Array, Shape
from nntrain_resampling.interpolation import Interpolation
from nntrain_resampling.nearest import get_repeated_shape, repeat_blocks, sum_blocks

LINEAR_MODES = ("linear", "bilinear", "trilinear")


class UpSampling(Interpolation):
    """y[i, j] = x[i // s, j // s], or y[o] = (1 − f) x[i] + f x[i + 1], i + f = o (inputs − 1) / (outputs − 1).

    The first in mode "nearest", with s = scale_factor; dx is the sum of every block of dy. The second in mode
    "linear" ("bilinear", "trilinear"), along each axis; dx = Mᵀ dy with the matrix M of the map.

    Shapes:
        x (N, C, h, w) or (N, C, t, h, w) → y (..., s h, s w), or (..., out_h, out_w), the same for t
    Errors: ShapeError for another number of axes, and for 5 axes without out_t; ArgumentError for another mode, and
    unless scale_factor, or in mode "linear" out_h and out_w, are given, all integers of at least 1.
    Source: torch/nn, UpSampling.lua, whose argument for the sizes is a table, and which treats any other mode as
    "nearest".
    """

    def __init__(
        self,
        scale_factor: int | None = None,
        mode: Literal["nearest", "linear", "bilinear", "trilinear"] = "nearest",
        out_t: int | None = None,
        out_h: int | None = None,
        out_w: int | None = None,
    ) -> None:
        if mode not in ("nearest", *LINEAR_MODES):
            raise self.argument_error(f"expected the mode 'nearest' or 'linear', got {mode!r}")
        self.mode = "linear" if mode in LINEAR_MODES else "nearest"
        self.init_sizes(scale_factor, out_h, out_w)
        if scale_factor is None and self.mode == "nearest":
            raise self.argument_error("mode 'nearest' requires scale_factor; sizes require mode 'linear'")
        if scale_factor is not None and out_t is not None:
            raise self.argument_error(f"expected either scale_factor or sizes, got {scale_factor} and out_t {out_t}")
        self.out_t = None if out_t is None else self.require_integer("out_t", out_t)

    def check_input(self, x: Array) -> Array:
        self.require(x, 4, 5, expected="an input of shape (N, C, h, w) or (N, C, t, h, w)")
        if 0 in x.shape[2:]:
            raise self.shape_error("an input with at least one element along each axis", x)
        if self.scale_factor is None and self.out_t is None and x.ndim == 5:
            raise self.shape_error("an input of shape (N, C, h, w), as out_t is not set", x)
        return self.to_floating(x)

    def get_output_sizes(self, x: Array) -> Shape:
        if self.scale_factor is not None:
            return get_repeated_shape(x, x.ndim - 2, self.scale_factor)[2:]
        depth = () if self.out_t is None or x.ndim == 4 else (self.out_t,)
        return (*depth, *super().get_output_sizes(x))

    def update_output(self, x: Array) -> Array:
        if self.mode == "linear" or self.scale_factor is None:
            return super().update_output(x)
        x = self.check_input(x)
        y = self.output_of(get_repeated_shape(x, x.ndim - 2, self.scale_factor), like=x)
        repeat_blocks(x, x.ndim - 2, self.scale_factor, out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        if self.mode == "linear" or self.scale_factor is None:
            return super().update_grad_input(x, dy)
        dx = self.grad_input_of(x)
        sum_blocks(dy, x.ndim - 2, self.scale_factor, out=dx)
        return dx

    def label(self) -> str:
        sizes = [size for size in (self.out_t, self.out_h, self.out_w) if size is not None]
        shown = "x".join(map(str, sizes)) if sizes else f"{self.scale_factor}x"
        return f"UpSampling({shown}, {self.mode})"
