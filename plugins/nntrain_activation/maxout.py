"""y = the maximum of several affine functions."""

from nntrain.nn.building.builder import build
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module


class Maxout(Sequential):
    """y[j] = max z[i, j] over i, z = x Wᵀ + b;  dz[i, j] = dy[j] where z[i, j] is the (first) maximum, 0 elsewhere.

    z[i, j] belongs to row i · output_size + j of W. ``preprocess``, a module, is applied to z before the maximum.

    Shapes:
        x (input_size,) or (N, input_size) → y (output_size,) or (N, output_size)
        weight (maxout_number · output_size, input_size), bias (maxout_number · output_size,)
        preprocess: (maxout_number, output_size) or (N, maxout_number, output_size) → the same shape
    Initially both are U(−s, s), s = 1/√input_size.
    Errors: ArgumentError for sizes below 1; ShapeError if the last axis of x is not input_size.
    Source: torch/nn, Maxout.lua; Goodfellow et al., "Maxout Networks", 2013. A Sequential of Linear, View,
    preprocess and Max, which are found by name as in a config.
    """

    mutable_arguments = ("preprocess",)
    inferred = {"input_size": -1}
    sized_by_target = "output_size"

    def __init__(self, input_size: int, output_size: int, maxout_number: int, preprocess: Module | None = None) -> None:
        if min(input_size, output_size, maxout_number) < 1:
            sizes = f"{input_size}, {output_size} and {maxout_number}"
            raise self.argument_error(f"expected sizes of at least 1, got {sizes}")
        super().__init__()
        self.add(build({"type": "Linear", "input_size": input_size, "output_size": maxout_number * output_size}))
        self.add(build({"type": "View", "size": [maxout_number, output_size], "n_input_dims": 1}))
        if preprocess is not None:
            self.add(preprocess)
        self.add(build({"type": "Max", "dim": 0, "n_input_dims": 2}))

    @property
    def preprocess(self) -> Module | None:
        """The module that is applied to z, if there is one."""
        return self.modules[2] if len(self.modules) > 3 else None
