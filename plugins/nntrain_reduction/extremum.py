"""The base of the maximum and the minimum along an axis."""

from typing import ClassVar

import numpy as np

from nntrain.compute.array import Array
from nntrain_reduction.reduction import Reduction


class Extremum(Reduction):
    """y = the maximum or minimum of x along dim;  dx = dy at its first position, 0 elsewhere."""

    # The ufunc that selects the better of two numbers.
    better: ClassVar[np.ufunc]

    def update_output(self, x: Array) -> Array:
        axis = self.get_axis(x)
        y = self.output_of(self.get_dropped_shape(x, axis), like=x)
        kept = y.reshape(self.get_kept_shape(x, axis))
        self.better.reduce(x, axis=axis, keepdims=True, out=kept)
        np.equal(x, kept, out=self._get_winners(x))
        return y

    def _get_winners(self, x: Array) -> Array:
        """Memory for the mask of the extrema in x."""
        return self.buffer("best", x.shape, like=x, dtype=np.bool_)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        axis = self.get_axis(x)
        dx = self.zero_grad_input_of(x)
        # In the mask: for argmax of x itself, numpy would copy x.
        first = self._get_winners(x).argmax(axis, keepdims=True)
        np.put_along_axis(dx, first, dy.reshape(self.get_kept_shape(x, axis)), axis)
        return dx
