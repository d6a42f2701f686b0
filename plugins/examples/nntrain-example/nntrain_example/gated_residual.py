"""A residual block with a learned gate."""

from collections.abc import Sequence

import numpy as np

from nntrain.nn import Array, Container, Module, parameter

__all__ = ["GatedResidual"]


class GatedResidual(Container):
    """y = x + g f(x), f the sequence of modules, g a learned number;  dg = Σ dy f(x).

    Shapes:
        x → y of the same shape, as for f
    ``gate`` is the initial g: with 0 the block starts as the identity.
    """

    def __init__(self, modules: Sequence[Module] | None = None, gate: float = 0.1) -> None:
        super().__init__(modules)
        self.gate = gate
        self.weight, self.grad_weight = parameter(1)
        self.weight[0] = gate

    def reset(self, stdv: float | None = None) -> None:
        super().reset(stdv)
        self.weight[0] = self.gate

    def update_output(self, x: Array) -> Array:
        inner = x
        for index, module in enumerate(self.modules):
            with self.blame(index):
                inner = module.forward(inner)
        if inner.shape != x.shape:
            raise self.shape_error(f"modules that keep the shape {x.shape}", inner)
        y = self.output_of(x.shape, like=x)
        np.multiply(inner, self.weight, out=y)
        return np.add(y, x, out=y)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        gradient = self.scale_gradient(dy)
        for index in reversed(range(len(self.modules))):
            with self.blame(index):
                gradient = self.modules[index].update_grad_input(self.get_input(index, x), gradient)
        return np.add(gradient, dy, out=self.grad_input_of(x))

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_weight += scale * np.vdot(dy, self.get_input(len(self.modules), x))
        gradient = self.scale_gradient(dy)
        for index in reversed(range(len(self.modules))):
            with self.blame(index):
                self.modules[index].acc_grad_parameters(self.get_input(index, x), gradient, scale)
            gradient = self.modules[index].grad_input

    def scale_gradient(self, dy: Array) -> Array:
        """The gradient of f(x): g dy."""
        return np.multiply(dy, self.weight, out=self.buffer("gradient", dy.shape, like=dy))

    def get_input(self, index: int, x: Array) -> Array:
        """The input of the module at ``index``."""
        return self.modules[index - 1].output if index else x
