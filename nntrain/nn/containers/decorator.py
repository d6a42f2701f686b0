"""A module that wraps another one."""

from collections.abc import Sequence
from typing import Self

from nntrain.compute.array import Value
from nntrain.nn.container import Container
from nntrain.nn.module import Module


class Decorator(Container):
    """y = m(x); the base of modules that add behavior to another module.

    Shapes:
        as m
    Outputs and gradients are m's own arrays. The path in an error omits the decorator.
    Source: torch/nn, Decorator.lua.
    """

    mutable_arguments = ("module",)

    def __init__(self, module: Module) -> None:
        super().__init__([module])

    @property
    def module(self) -> Module:
        """The wrapped module."""
        return self.modules[0]

    def add(self, module: Module) -> Self:
        """Set the module. ArgumentError for a second one."""
        if self.modules:
            raise self.argument_error("already contains a module")
        return super().add(module)

    @classmethod
    def get_child_input(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        return x

    def update_output(self, x: Value) -> Value:
        self.output = self.module.forward(x)
        return self.output

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        self.grad_input = self.module.update_grad_input(x, dy)
        return self.grad_input

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        self.module.acc_grad_parameters(x, dy, scale)

    def __str__(self) -> str:
        return f"nn.{self.label()} @ {self.module}"
