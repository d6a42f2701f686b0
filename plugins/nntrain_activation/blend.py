"""y = x + a (f(x) − x), with a learned a for each unit."""

from typing import cast

import numpy as np

from nntrain.compute.array import Array, Slice
from nntrain.compute.matmul import flatten_rows, sum_products, sum_rows
from nntrain.compute.threads import map_row_chunks
from nntrain.nn import Module
from nntrain.nn.bases.single_module_container import SingleModuleContainer
from nntrain.nn.bases.slicewise_module import SliceTask, SlicewiseModule
from nntrain.nn.parameter import parameter
from nntrain_activation.self_gated import SelfGated


class Blend(SlicewiseModule, SingleModuleContainer):
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

    @property
    def is_slicewise(self) -> bool:
        """Whether f is x g(x): then f' needs no products with dy and a of its own."""
        return isinstance(self.activation, SelfGated)

    def plan_output(self, x: Array) -> SliceTask:
        self.require_units(x)
        y, rest = self.output_of(x.shape, like=x), self.buffer("rest", x.shape, like=x)

        def compute(some: Slice) -> None:
            map_row_chunks(self._blend_gated, x[some], rest[some], y[some])

        return SliceTask(y, compute)

    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        dx, rest, da = self.grad_input_of(x), self.buffer("rest", x.shape, like=x), self.get_slice_gradients(x)

        def compute(some: Slice) -> None:
            product = np.multiply(x[some], rest[some], out=self.buffer("product", x[some].shape, like=x))
            rows = (len(da[some]), -1, len(self.weight))
            sum_products(dy[some].reshape(rows), product.reshape(rows), da[some])
            out = dx[some]
            self.gated.fill_slope(x[some], rest[some], product, out)
            np.multiply(out, self.weight, out=out)
            np.add(out, 1, out=out)
            np.multiply(out, dy[some], out=out)

        return SliceTask(dx, compute)

    def _blend_gated(self, x: Array, rest: Array, y: Array) -> None:
        """rest ← g(x) − 1;  y ← x (1 + a rest)."""
        self.gated.fill_rest(x, rest)
        np.multiply(rest, self.weight, out=y)
        np.add(y, 1, out=y)
        np.multiply(y, x, out=y)

    def update_output(self, x: Array) -> Array:
        if self.is_slicewise:
            return super().update_output(x)
        x = self.to_floating(x)
        self.require_units(x)
        y, difference = self.output_of(x.shape, like=x), self.buffer("difference", x.shape, like=x)
        with self.blame(0):
            f = self.activation.forward(x)
        if np.shape(f) != x.shape:
            raise self.shape_error(f"an output of shape {x.shape} from {self.activation.label()}", f)
        np.subtract(f, x, out=difference)
        np.multiply(difference, self.weight, out=y)
        np.add(y, x, out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        if self.is_slicewise:
            return super().update_grad_input(x, dy)
        dx, share = self.grad_input_of(x), self.buffer("share", x.shape, like=dy)
        np.multiply(dy, self.weight, out=share)
        with self.blame(0):
            df = self.activation.update_grad_input(x, share)
        np.subtract(dy, share, out=dx)
        np.add(dx, df, out=dx)
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        if self.is_slicewise:
            self.accumulate("weight", scale, sum_rows, self.get_slice_gradients(x))
            return
        if self.activation.parameters()[0]:
            with self.blame(0):
                self.activation.acc_grad_parameters(x, self.buffer("share", x.shape, like=dy), scale)
        difference = self.buffer("difference", x.shape, like=dy)
        self.accumulate("weight", scale, sum_products, flatten_rows(dy), flatten_rows(difference))

    def require_units(self, x: Array) -> None:
        """Raise ShapeError unless the last axis of x has one element per unit."""
        size = len(self.weight)
        if not x.ndim or x.shape[-1] != size:
            raise self.shape_error(f"an input of shape (..., {size})", x)

    def get_slice_gradients(self, x: Array) -> Array:
        """Return the buffer of the sums da over each slice of length 1, which ``plan_grad_input`` fills."""
        return self.buffer("da", (len(x) if x.ndim > 1 else 1, len(self.weight)), like=x)

    @property
    def gated(self) -> SelfGated:
        """f = x g(x)."""
        return cast(SelfGated, self.activation)

    def __str__(self) -> str:
        return f"nn.{self.label()} @ {self.activation}"
