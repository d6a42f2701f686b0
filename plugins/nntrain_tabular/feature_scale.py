"""y = w x per feature."""

import numpy as np

from nntrain.compute.matmul import flatten_rows, sum_products
from nntrain.nn import Array, Module, parameter, writes


class FeatureScale(Module):
    """y = w ∘ x;  dx = w ∘ dy;  dw = Σ dy ∘ x, over the last axis of x: one factor per feature.

    Shapes:
        x (..., input_size) → y of the same shape
        weight (input_size,)
    Initially w = 1. With a high learning rate a network drops features that do not help.
    Errors: ShapeError if the last axis of x is not input_size.
    Source: Holzmüller et al., "Better by Default", 2024, section 3 ("scaling layer").
    """

    parameter_names = ("weight",)
    inferred = {"input_size": -1}

    def __init__(self, input_size: int) -> None:
        self.require_sizes(input_size)
        self.input_size = input_size
        self.weight, self.grad_weight = parameter(input_size)
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        self.weight[...] = 1

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        if x.shape[-1:] != (self.input_size,):
            raise self.shape_error(f"an input of shape (N, {self.input_size})", x)
        return np.multiply(x, self.weight, out=self.output_of(x.shape, like=x))

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        return np.multiply(dy, self.weight, out=self.grad_input_of(x))

    @writes("weight")
    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.accumulate("weight", scale, sum_products, flatten_rows(dy), flatten_rows(x))

    def label(self) -> str:
        return f"{type(self).__name__}({self.input_size})"
