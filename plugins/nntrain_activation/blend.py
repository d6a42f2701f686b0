"""y = x + a (f(x) − x), with a learned a for each unit."""

from functools import partial

import numpy as np

from nntrain.compute.threads import map_row_chunks
from nntrain.nn import Array, Module
from nntrain.nn.bases.single_module_container import SingleModuleContainer
from nntrain.nn.parameter import add_scaled, parameter
from nntrain_activation.self_gated import SelfGated


class Blend(SingleModuleContainer):
    """y = x + a (f(x) − x);  dx = (1 − a) dy + f'(x) a dy;  da = Σ dy (f(x) − x) over all axes but the last.

    f is a module whose output has the shape of x, such as an activation function; a is its share for each unit.

    Shapes:
        x (..., size) → y (..., size); weight a (size,)
    Initially weight is 1, so y = f(x).
    Errors: ShapeError if the last axis of x is not size, or the output of f has another shape; ArgumentError for a size
    below 1.
    Source: Holzmüller, Grinsztajn, Steinwart, "Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular
    Data", 2024.
    """

    mutable_arguments = ("activation",)
    parameter_names = ("weight",)
    inferred = {"size": -1}

    def __init__(self, activation: Module, size: int) -> None:
        super().__init__([activation])
        self.require_sizes(size)
        self.weight, self.grad_weight = parameter(size)
        self.weight[...] = 1

    @property
    def activation(self) -> Module:
        """f."""
        return self.modules[0]

    def reset(self, stdv: float | None = None) -> None:
        super().reset(stdv)
        self.weight[...] = 1

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        size = len(self.weight)
        if not x.ndim or x.shape[-1] != size:
            raise self.shape_error(f"an input of shape (..., {size})", x)
        y, difference = self.output_of(x.shape, like=x), self.buffer("difference", x.shape, like=x)
        activation = self.activation
        if isinstance(activation, SelfGated):
            map_row_chunks(partial(self._blend_gated, activation), x, self.get_gate(x), difference, y)
            return y
        with self.blame(0):
            f = self.activation.forward(x)
        if np.shape(f) != x.shape:
            raise self.shape_error(f"an output of shape {x.shape} from {self.activation.label()}", f)
        np.subtract(f, x, out=difference)
        np.multiply(difference, self.weight, out=y)
        np.add(y, x, out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        activation = self.activation
        if isinstance(activation, SelfGated):
            difference = self.buffer("difference", x.shape, like=x)
            map_row_chunks(partial(self._chain_gated, activation), x, self.get_gate(x), difference, dy, dx)
            return dx
        share = self.buffer("share", x.shape, like=dy)
        np.multiply(dy, self.weight, out=share)
        with self.blame(0):
            df = self.activation.update_grad_input(x, share)
        np.subtract(dy, share, out=dx)
        np.add(dx, df, out=dx)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        if self.activation.parameters()[0]:
            with self.blame(0):
                self.activation.acc_grad_parameters(x, self.buffer("share", x.shape, like=dy), scale)
        rows = (-1, len(self.weight))
        difference = self.buffer("difference", x.shape, like=dy)
        da = self.buffer("da", self.weight.shape, like=self.weight)
        np.einsum("ij,ij->j", dy.reshape(rows), difference.reshape(rows), out=da)
        add_scaled(self.grad_weight, da, scale)

    # With f(x) = x g(x), chunks are processed in parallel, and f' needs no products with dy and a of its own.

    def get_gate(self, x: Array) -> Array:
        """Return the buffer of g(x)."""
        return self.buffer("gate", x.shape, like=x)

    def _blend_gated(self, activation: SelfGated, x: Array, gate: Array, difference: Array, y: Array) -> None:
        """difference ← f(x) − x;  y ← x + a (f(x) − x)."""
        activation.gate_and_multiply(x, gate, difference)
        np.subtract(difference, x, out=difference)
        np.multiply(difference, self.weight, out=y)
        np.add(y, x, out=y)

    def _chain_gated(
        self, activation: SelfGated, x: Array, gate: Array, difference: Array, dy: Array, dx: Array
    ) -> None:
        """dx ← dy (1 + a (f'(x) − 1))."""
        f = np.add(difference, x, out=self.buffer("f", x.shape, like=x))
        activation.derivative(x, f, gate, dx)
        np.subtract(dx, 1, out=dx)
        np.multiply(dx, self.weight, out=dx)
        np.add(dx, 1, out=dx)
        np.multiply(dx, dy, out=dx)

    def __str__(self) -> str:
        return f"nn.{self.label()} @ {self.activation}"
