"""y = the elements of a that a mask selects."""

from collections.abc import Sequence

import numpy as np

from nntrain.nn import Array, Module, Value
from nntrain.nn.input_arrays import require_two_arrays


class MaskedSelect(Module):
    """y = the elements of a where mask is not 0, x = [a, mask];  da = dy there, 0 elsewhere;  dmask = 0.

    Shapes:
        a, mask of one shape → y of one axis, the selected elements in row-major order, (0,) if there are none
    mask contains booleans, or 0 and 1. dx = [da, dmask], dmask in the type of mask.
    Errors: ShapeError if x is not two arrays of one shape.
    Source: torch/nn, MaskedSelect.lua.
    """

    def update_output(self, x: Sequence[Array]) -> Array:
        chosen = self._to_boolean(x)
        y = self.output_of((int(np.count_nonzero(chosen)),), like=x[0])
        y[...] = x[0][chosen]
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        da = self.buffer("grad_input[0]", x[0].shape, like=x[0])
        dmask = self.buffer("grad_input[1]", x[1].shape, like=x[1], dtype=x[1].dtype)
        da[...] = 0
        dmask[...] = 0
        da[self._to_boolean(x)] = dy
        self.grad_input = dx = [da, dmask]
        return dx

    def _to_boolean(self, x: Value) -> Array:
        """The mask as booleans."""
        expected = "an array and a mask of one shape"
        a, mask = require_two_arrays(self, x, expected)
        if a.shape != mask.shape:
            raise self.shape_error(expected, x)
        chosen = self.buffer("chosen", mask.shape, like=mask, dtype=np.bool_)
        return np.not_equal(mask, 0, out=chosen)
