"""One module for each slice of the input."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ModuleError
from nntrain.nn.container import Container
from nntrain.nn.containers.concat import Window, compute_windows, fill_windows
from nntrain.nn.module import Module


class Parallel(Container):
    """y = m[k](slice k of x along input_dim), joined along output_dim;  dx the same for each slice.

    Shapes:
        x (..., K, ...) → slices without that axis → y; sizes along output_dim add up
    output_dim counts the axes of a module's output. Modules after the first K are not used.
    Errors: ShapeError for fewer modules than slices, or for outputs that cannot be joined.
    Source: torch/nn, Parallel.lua.
    """

    def __init__(self, input_dim: int, output_dim: int, modules: Sequence[Module] | None = None) -> None:
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.windows: list[Window] = []
        super().__init__(modules)

    def get_slices(self, x: Array) -> Array:
        """Return a view of x with the axis of the slices first."""
        if not -x.ndim <= self.input_dim < x.ndim or not 0 < x.shape[self.input_dim] <= len(self.modules):
            raise self.shape_error(f"1 to {len(self.modules)} slices, one per module, along axis {self.input_dim}", x)
        return np.moveaxis(x, self.input_dim, 0)

    def update_output(self, x: Array) -> Array:
        slices = self.get_slices(x)
        outputs = self.map_modules(lambda module, index: module.forward(slices[index]), len(slices))
        shape, self.windows = compute_windows([output.shape for output in outputs], self.output_dim)
        y = self.output_of(shape, like=outputs[0])
        fill_windows(y, outputs, self.windows)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        inner = self.get_slices(dx)
        for index, parts in enumerate(self.get_parts(x, dy)):
            with self.blame(index):
                gradient = self.modules[index].update_grad_input(*parts)
                if gradient is None:
                    raise ModuleError("expected a gradient of the input, got None")
                inner[index] = gradient
        return dx

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        parts = self.get_parts(x, dy)
        self.map_modules(lambda module, index: module.acc_grad_parameters(*parts[index], scale), len(parts))

    def get_parts(self, x: Array, dy: Array) -> list[tuple[Array, Array]]:
        """Return the slice of x and the window of dy of each module in use."""
        return [(part, dy[self.windows[index]]) for index, part in enumerate(self.get_slices(x))]
