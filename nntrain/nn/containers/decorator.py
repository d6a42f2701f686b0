"""A module that wraps another one."""

from nntrain.compute.array import Value
from nntrain.nn.bases.single_module_container import SingleModuleContainer
from nntrain.nn.module import Module


class Decorator(SingleModuleContainer):
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
