"""The base of layers that only change the shape."""

from abc import abstractmethod

from nntrain.compute.array import Array, Shape, is_array
from nntrain.nn.module import Module


class Reshaping(Module):
    """y = the elements of x, in row-major order, in another shape;  dx = dy in the shape of x.

    Both are views; only an array that is not contiguous is copied. Abstract: see ``get_target_shape``.
    """

    passes_memory = True

    @abstractmethod
    def get_target_shape(self, x: Array) -> Shape:
        """The shape of y. ShapeError if x does not fit."""

    def update_output(self, x: Array) -> Array:
        if not is_array(x):
            raise self.shape_error("an array", x)
        self.output = y = self._reshape("output", x, self.get_target_shape(x))
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self.grad_input = dx = self._reshape("grad_input", dy, x.shape)
        return dx

    def _reshape(self, name: str, array: Array, shape: Shape) -> Array:
        """Reshape the elements, in memory ``name`` if they must be copied."""
        if array.flags.c_contiguous:
            return array if array.shape == shape else array.reshape(shape)
        memory = self.buffer(name, shape, like=array, dtype=array.dtype)
        memory.reshape(array.shape)[...] = array
        return memory
