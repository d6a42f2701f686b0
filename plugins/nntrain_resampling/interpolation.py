"""The base of layers that interpolate between the elements of x."""

from __future__ import annotations

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.samples import Samples
from nntrain.nn.separable_map import SeparableMap

__all__ = ["Interpolation"]


class Interpolation(SeparableMap, Samples):
    """y[o] = (1 − f) x[i] + f x[i + 1] along each of the last axes, with i + f = o (inputs − 1) / (outputs − 1).

    The first and the last elements of x and y lie on each other.
    """

    def matrix(self, out: Array) -> None:
        outputs, inputs = out.shape
        rate = (inputs - 1) / (outputs - 1) if outputs > 1 else 0.0
        # A hat of width 2 around every position: 1 at the element that it meets, 0 from the next one on.
        position = np.minimum(rate * np.arange(outputs), inputs - 1)
        distance = np.abs(position[:, None] - np.arange(inputs))
        out[...] = np.maximum(0, 1 - distance)

    def scale(self, scale_factor: int | None) -> int | None:
        """The scale factor. ArgumentError unless it is a positive whole number, or None."""
        if scale_factor is not None and (scale_factor < 1 or scale_factor != int(scale_factor)):
            raise self.argument_error(f"expected a whole scale_factor of at least 1, got {scale_factor}")
        return scale_factor if scale_factor is None else int(scale_factor)
