"""The protocol of Torch7's ``nn.Criterion``, as the base of every loss."""

from __future__ import annotations

from typing import Any

from nntrain.nn.array import EMPTY, Value
from nntrain.nn.component import Component

__all__ = ["Criterion"]


class Criterion(Component):
    """L(x, t): a loss and its gradient dx = ∂L/∂x, from an input x and a target t.

    Source: torch/nn, Criterion.lua and doc/criterion.md.
    """

    def forward(self, x: Value, t: Value = None) -> float:
        """The loss, a number."""
        return self.update_output(x, t)

    def backward(self, x: Value, t: Value = None) -> Value:
        """dx, in the structure and shape of x. x and t are those of the last forward."""
        return self.update_grad_input(x, t)

    def update_output(self, x: Value, t: Value) -> Any:
        """Compute and keep the loss. What a class implements."""
        return self.output

    def update_grad_input(self, x: Value, t: Value) -> Value:
        """Compute and keep dx. What a class implements."""
        return self.grad_input

    def mass(self, t: Value) -> float:
        """How much the loss of a batch with targets t counts in the mean over several batches: the number of rows."""
        return float(len(t))

    def __call__(self, x: Value, t: Value = None) -> tuple[float, Value]:
        """The loss and its gradient."""
        return self.forward(x, t), self.backward(x, t)

    def clear_state(self) -> Criterion:
        """Forget the gradient and scratch memory."""
        self._buffers.clear()
        self.grad_input = EMPTY
        return self
