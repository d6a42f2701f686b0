"""The affine step of a normalization layer: one weight and one bias per feature."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.module import Module
from nntrain.nn.parameter import parameter


class Affine(Module):
    """y = h weight + bias per feature; y = h if affine is False. Abstract: a subclass defines h."""

    weight: Array | None = None
    bias: Array | None = None

    def create_parameters(self, n_output: int, affine: bool) -> None:
        """Create one weight and one bias per feature if ``affine``. ArgumentError if n_output < 1."""
        if n_output < 1:
            raise self.argument_error(f"expected an n_output of at least 1, got {n_output}")
        self.n_output = n_output
        if affine:
            self.weight, self.grad_weight = parameter(n_output)
            self.bias, self.grad_bias = parameter(n_output)

    def broadcast(self, row: Array) -> Array:
        """Reshape one number per feature so that it broadcasts against h."""
        return row

    def transform(self, h: Array, out: Array) -> None:
        """out ← h weight + bias."""
        if self.weight is None or self.bias is None:
            out[...] = h
        else:
            np.multiply(h, self.broadcast(self.weight), out=out)
            np.add(out, self.broadcast(self.bias), out=out)
