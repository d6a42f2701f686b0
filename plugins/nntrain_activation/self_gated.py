"""The base of activations y = x g(x)."""

from abc import abstractmethod

from nntrain.compute.threads import apply_in_chunks
from nntrain.nn import Array, Module


class SelfGated(Module):
    """y = x g(x) elementwise;  dx = dy (g(x) + x g'(x)). The backward pass reads g(x), which is kept.

    A subclass implements ``gate_and_multiply`` and ``derivative``.
    """

    needs_output = True

    @abstractmethod
    def gate_and_multiply(self, x: Array, gate: Array, out: Array) -> None:
        """gate ← g(x);  out ← x g(x)."""

    @abstractmethod
    def derivative(self, x: Array, y: Array, gate: Array, out: Array) -> None:
        """out ← g(x) + x g'(x), where gate = g(x) and y = x g(x)."""

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        y = self.output_of(x.shape, like=x)
        apply_in_chunks(self.gate_and_multiply, x, self.buffer("gate", x.shape, like=x), y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        x = self.to_floating(x)
        dx = self.grad_input_of(x)
        apply_in_chunks(self._chain, x, self.output, self.buffer("gate", x.shape, like=x), dy, dx)
        return dx

    def _chain(self, x: Array, y: Array, gate: Array, dy: Array, dx: Array) -> None:
        """dx ← dy f'(x)."""
        self.derivative(x, y, gate, dx)
        dx *= dy
