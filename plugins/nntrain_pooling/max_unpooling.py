"""The base of layers that invert a max pooling."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ShapeError
from nntrain.nn.bases.sample_module import SampleModule
from nntrain_pooling.max_pooling import MaxPooling


class MaxUnpooling(SampleModule):
    """y = x at the positions of the pooling's maxima, 0 elsewhere;  dx = dy there."""

    pooling: MaxPooling

    def init_pooling(self, pooling: MaxPooling, kind: type[MaxPooling]) -> None:
        """Store the pooling. ArgumentError unless it is of that class, with adjacent windows."""
        if not isinstance(pooling, kind):
            raise self.argument_error(f"expected a {kind.__name__}, got {pooling}")
        if pooling.windows.kernel != pooling.windows.stride or not pooling.is_disjoint:
            raise self.argument_error(f"expected a pooling of stride = kernel without dilation, got {pooling}")
        self.pooling = pooling

    def update_output(self, x: Array) -> Array:
        x = self.require_samples(x)
        pooled = self.pooling.output.shape
        if not self.pooling.output.size:
            raise self.add_location(ShapeError(f"the {self.pooling.label()} has no output yet; forward it first"))
        if x.shape != pooled:
            raise self.shape_error(f"an input of shape {pooled}, the output of the pooling", x)
        size = self.pooling.input_size
        y = self.output_of((*pooled[: -len(size)], *size), like=x)
        y[...] = 0
        for block in self.pooling.split_blocks():
            positions = self.pooling.get_positions(block)
            y.reshape(-1)[positions] = x.reshape(-1, *positions.shape[1:])[block]
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        for block in self.pooling.split_blocks():
            positions = self.pooling.get_positions(block)
            np.take(dy.reshape(-1), positions, out=dx.reshape(-1, *positions.shape[1:])[block], mode="clip")
        return dx

    def label(self) -> str:
        return f"{type(self).__name__} associated to {self.pooling}"
