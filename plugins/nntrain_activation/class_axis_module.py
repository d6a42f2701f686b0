"""The base of the softmax layers."""

from abc import abstractmethod

from nntrain.nn import Array, Module
from nntrain.nn.functional import get_class_axis


class ClassAxisModule(Module):
    """y = f(x), dx = g(y, dy) along the axis of the classes. Abstract: a subclass implements f and g."""

    needs_output = True
    has_class_axis = True

    @abstractmethod
    def value(self, x: Array, axis: int, out: Array) -> None:
        """out ← f(x)."""

    @abstractmethod
    def gradient(self, y: Array, dy: Array, axis: int, out: Array) -> None:
        """out ← g(y, dy)."""

    def update_output(self, x: Array) -> Array:
        axis = self._get_class_axis(x)
        y = self.output_of(x.shape, like=x)
        self.value(x, axis, y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        self.gradient(self.output, dy, self._get_class_axis(x), dx)
        return dx

    def _get_class_axis(self, x: Array) -> int:
        """The axis of the classes. ShapeError if x has none or more than four axes."""
        self.require(x, 1, 2, 3, 4, expected="an input of shape (C,), (N, C), (C, H, W) or (N, C, H, W)")
        return get_class_axis(x.ndim)
