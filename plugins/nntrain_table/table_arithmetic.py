"""The base of layers that combine the arrays of a list element by element."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from nntrain.compute.array import Array, Value, is_array, is_table
from nntrain.nn.module import Module


class TableArithmetic(Module):
    """y = f(x[0], x[1], ...) element by element, for arrays with equal numbers of elements, paired in row-major order.

    Abstract: a subclass implements ``value`` and ``gradients``, which get every array in the shape of the first.
    """

    takes_table = True

    # Minimum number of arrays, and number of arrays used (None: all). Only these have a gradient.
    min_arrays: ClassVar[int] = 1
    max_arrays: ClassVar[int | None] = None

    @abstractmethod
    def value(self, x: Sequence[Array], out: Array) -> None:
        """out ← f(x[0], x[1], ...)."""

    @abstractmethod
    def gradients(self, x: Sequence[Array], dy: Array, out: Sequence[Array]) -> None:
        """out[i] ← dy ∂f/∂x[i]."""

    def update_output(self, x: Sequence[Array]) -> Array:
        arrays = self.get_arrays(x)
        y = self.output_of(arrays[0].shape, like=arrays[0])
        self.value(arrays, y)
        return y

    def update_grad_input(self, x: Sequence[Array], dy: Array) -> Sequence[Array]:
        arrays = self.get_arrays(x)
        shape = arrays[0].shape
        dx = self.grad_inputs_of(x[: self.max_arrays])
        self.gradients(arrays, reshape_if_needed(dy, shape), [reshape_if_needed(array, shape) for array in dx])
        return dx

    def get_arrays(self, x: Value) -> list[Array]:
        """The used arrays, in the shape of the first. ShapeError unless they are arrays of one size."""
        if not is_table(x) or len(x) < self.min_arrays or not all(is_array(array) for array in x[: self.max_arrays]):
            raise self.shape_error(f"a list of at least {self.min_arrays} arrays", x)
        if any(array.size != x[0].size for array in x[: self.max_arrays]):
            raise self.shape_error("a list of arrays with equal numbers of elements", x)
        return [reshape_if_needed(array, x[0].shape) for array in x[: self.max_arrays]]


def reshape_if_needed(array: Array, shape: tuple[int, ...]) -> Array:
    """Return ``array`` in another shape of the same size; itself if it has that shape."""
    return array if array.shape == shape else array.reshape(shape)
