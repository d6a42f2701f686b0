"""The base of activations y = x g(x)."""

from abc import abstractmethod

import numpy as np

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

    # For ``Blend``, which needs the differences from y = x and y' = 1 only:

    def fill_rest(self, x: Array, rest: Array) -> None:
        """rest ← g(x) − 1."""
        self.gate_and_multiply(x, rest, self.buffer("product", x.shape, like=x))
        np.subtract(rest, 1, out=rest)

    def fill_slope(self, x: Array, rest: Array, product: Array, out: Array) -> None:
        """out ← y' − 1, where rest = g(x) − 1 and product = x rest = y − x."""
        gate, y = self.buffer("gate", x.shape, like=x), self.buffer("product", x.shape, like=x)
        self.derivative(x, np.add(x, product, out=y), np.add(rest, 1, out=gate), out)
        np.subtract(out, 1, out=out)

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
