"""The elementwise function that clips x to two bounds."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.elementwise import Elementwise


class Clip(Elementwise):
    """y = min(max(x, min_value), max_value);  y' = 1 where min_value < x < max_value, 0 elsewhere."""

    min_value: float
    max_value: float

    def set_bounds(self, min_value: float, max_value: float) -> None:
        """Set the bounds. ArgumentError unless min_value < max_value."""
        if not min_value < max_value:
            raise self.argument_error(f"expected min_value < max_value, got {min_value} and {max_value}")
        self.min_value = min_value
        self.max_value = max_value

    def value(self, x: Array, out: Array) -> None:
        np.clip(x, self.min_value, self.max_value, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        below = self.buffer("below", x.shape, like=x, dtype=np.bool_)
        np.less(x, self.max_value, out=below)
        np.greater(x, self.min_value, out=out)
        np.multiply(out, below, out=out)
