"""The base of layers that pass x through and modify its gradient."""

from nntrain.compute.array import Array, is_array
from nntrain.nn.module import Module


class GradientModifier(Module):
    """y = x, the same array. Abstract: a subclass implements dx. ShapeError if x is not an array."""

    passes_memory = True

    def update_output(self, x: Array) -> Array:
        if not is_array(x):
            raise self.shape_error("an array", x)
        self.output = x
        return x
