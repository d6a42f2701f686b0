"""y = [m[0](x), m[1](x), ...]."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nntrain.errors import ModuleError
from nntrain.nn.array import Value
from nntrain.nn.container import Container
from nntrain.nn.module import Module
from nntrain.nn.table import add, assign

__all__ = ["ConcatTable"]


class ConcatTable(Container):
    """y = [m[0](x), m[1](x), ...];  dx = Σ dx of the modules.

    Shapes:
        x an array or a (nested) table → y a table with a slot for each module
    Source: torch/nn, ConcatTable.lua.
    """

    @classmethod
    def feed(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        return x

    def update_output(self, x: Value) -> list[Value]:
        self.output = []
        for index, module in enumerate(self.modules):
            with self.blame(index):
                self.output.append(module.forward(x))
        return self.output

    def update_grad_input(self, x: Value, dy: Sequence[Value]) -> Value:
        return self._sum(dy, lambda module, dy: module.update_grad_input(x, dy))

    def backward(self, x: Value, dy: Sequence[Value], scale: float = 1) -> Value:
        return self._sum(dy, lambda module, dy: module.backward(x, dy, scale))

    def acc_grad_parameters(self, x: Value, dy: Sequence[Value], scale: float = 1) -> None:
        for index, module in enumerate(self.modules):
            with self.blame(index):
                module.acc_grad_parameters(x, dy[index], scale)

    def _sum(self, dy: Sequence[Value], gradient: Callable[[Module, Value], Value]) -> Value:
        """Add up the gradients of the input. A module whose input has none (None) adds nothing."""
        if len(dy) < len(self.modules):
            raise ModuleError(f"expected {len(self.modules)} gradients, one for each module, got {len(dy)}")
        total: Value = None
        for index, module in enumerate(self.modules):
            with self.blame(index):
                dx = gradient(module, dy[index])
                if dx is not None and total is None:
                    total = self.buffers_like("grad_input", dx)
                    assign(total, dx)
                elif dx is not None:
                    add(total, dx)
        self.grad_input = total
        return total
