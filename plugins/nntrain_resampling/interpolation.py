"""The base of layers that interpolate between the elements of x."""

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.nn.bases.separable_map import SeparableMap, iterate_row_blocks


class Interpolation(SeparableMap):
    """y[o] = (1 − f) x[i] + f x[i + 1] along each of the last axes, i + f = o (inputs − 1) / (outputs − 1).

    The first elements of x and y are aligned, and so are the last. The sizes of y are scale_factor times those of x,
    or given.
    """

    scale_factor: int | None
    out_h: int | None
    out_w: int | None

    def init_sizes(self, scale_factor: int | None, out_h: int | None, out_w: int | None) -> None:
        """Store the factor or the sizes of y. ArgumentError unless either the factor or both sizes are given."""
        sizes = (out_h, out_w)
        if any((size is None) == (scale_factor is None) for size in sizes):
            given = f"{scale_factor}, {out_h} and {out_w}"
            raise self.argument_error(f"expected either scale_factor or both out_h and out_w, got {given}")
        self.scale_factor = None if scale_factor is None else self.require_integer("scale_factor", scale_factor)
        self.out_h = None if out_h is None else self.require_integer("out_h", out_h)
        self.out_w = None if out_w is None else self.require_integer("out_w", out_w)

    def get_output_sizes(self, x: Array) -> Shape:
        if self.scale_factor is not None:
            return tuple(size * self.scale_factor for size in x.shape[-2:])
        assert self.out_h is not None
        assert self.out_w is not None
        return self.out_h, self.out_w

    def fill_matrix(self, out: Array) -> None:
        outputs, inputs = out.shape
        step = (inputs - 1) / (outputs - 1) if outputs > 1 else 0.0
        # A hat function of width 2 around every position: 1 at distance 0, 0 from distance 1.
        position = step * np.arange(outputs)
        for rows in iterate_row_blocks(out):
            out[rows] = np.maximum(0, 1 - np.abs(position[rows, None] - np.arange(inputs)))
