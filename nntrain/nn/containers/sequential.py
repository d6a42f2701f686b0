"""y = m[-1](... m[1](m[0](x)))."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.nn.array import Value
from nntrain.nn.container import Container
from nntrain.nn.flow import check_gradient, check_input
from nntrain.nn.module import Module

__all__ = ["Sequential"]


class Sequential(Container):
    """y = m[-1](... m[1](m[0](x))): each module is fed the output of the one before it.

    Shapes:
        whatever flows between the modules, arrays or tables; without modules y = x and dx = dy
    Source: torch/nn, Sequential.lua.
    """

    # So many modules at the beginning are left out by ``backward``.
    _spared: int = 0

    @classmethod
    def feed(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        return outputs[-1] if outputs else x

    def add(self, module: Module) -> Sequential:
        """Append a module."""
        return self.insert(module)

    def insert(self, module: Module, index: int | None = None) -> Sequential:
        """Put a module before position ``index``; at the end without one. IndexError outside 0..size."""
        index = len(self._modules) if index is None else index
        if not 0 <= index <= len(self._modules):
            raise IndexError(f"Sequential.insert: expected an index of 0..{len(self._modules)}, got {index}")
        super().add(module)
        self._modules.insert(index, self._modules.pop())
        self._point()
        return self

    def remove(self, index: int | None = None) -> Module:
        """Take out the module at ``index``, the last one without it, and return it. IndexError outside."""
        index = len(self.modules) - 1 if index is None else index
        if not 0 <= index < len(self.modules):
            raise IndexError(f"Sequential.remove: expected an index of 0..{len(self.modules) - 1}, got {index}")
        removed = self.modules.pop(index)
        self._point()
        return removed

    def _point(self) -> None:
        """The output is the last module's, the gradient of the input the first one's."""
        if self._modules:
            self.output = self._modules[-1].output
            self.grad_input = self._modules[0].grad_input

    def update_output(self, x: Value) -> Value:
        y, modules, index = x, self.modules, 0
        try:
            for index in range(len(modules)):
                y = modules[index].forward(y)
        except Exception as error:
            self.blame(index).hear(error)
            raise
        self.output = y
        return y

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        dx, modules = dy, self.modules
        for index in reversed(range(len(modules))):
            module, module_x = modules[index], fed(modules, index, x)
            with self.blame(index):
                check_input(module, module_x)
                check_gradient(module, dx)
                dx = module.update_grad_input(module_x, dx)
        self.grad_input = dx
        return dx

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        modules = self.modules
        for index in reversed(range(len(modules))):
            module, module_x = modules[index], fed(modules, index, x)
            with self.blame(index):
                check_input(module, module_x)
                check_gradient(module, dy)
                module.acc_grad_parameters(module_x, dy, scale)
            dy = module.grad_input

    def backward(self, x: Value, dy: Value, scale: float = 1) -> Value:
        if self._fed is not x:
            check_input(self, x)
        if getattr(dy, "shape", None) != getattr(self.output, "shape", None):
            check_gradient(self, dy)
        dx, modules, index = dy, self.modules, 0
        try:
            for index in range(len(modules) - 1, self._spared - 1, -1):
                dx = modules[index].backward(fed(modules, index, x), dx, scale)
        except Exception as error:
            self.blame(index).hear(error)
            raise
        self.grad_input = dx if self.gives_grad_input else None
        return self.grad_input

    def spare_grad_input(self) -> None:
        """Let ``backward`` end at the first module with parameters; not that of a subclass, which may need them all."""
        if self.own_parameters()[0] or type(self).backward is not Sequential.backward:
            return
        self.gives_grad_input = False
        learning = (index for index, module in enumerate(self.modules) if module.parameters()[0])
        self._spared = next(learning, len(self.modules))
        for module in self.modules[self._spared :][:1]:
            module.spare_grad_input()

    def separate(self) -> None:
        super().separate()
        self._spared = 0

    def __str__(self) -> str:
        """A chain of children, as in Torch, with positions from 0."""
        chain = " -> ".join(["input", *(f"({index})" for index in range(len(self.modules))), "output"])
        children = [f"  ({index}): " + str(module).replace("\n", "\n  ") for index, module in enumerate(self.modules)]
        return "\n".join([f"nn.{self.label()} {{", f"  [{chain}]", *children, "}"])


def fed(modules: Sequence[Module], index: int, x: Value) -> Value:
    """What the module at ``index`` was fed: what the one before it holds."""
    return modules[index - 1].output if index else x
