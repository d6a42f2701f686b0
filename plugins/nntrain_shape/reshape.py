"""y = x in a given shape."""

from collections.abc import Sequence
from math import prod

from nntrain.compute.array import Array, Shape, to_shape
from nntrain_shape.reshaping import Reshaping


class Reshape(Reshaping):
    """y = x in the shape size, sample by sample in a batch;  dx = dy in the shape of x.

    Shapes:
        batch_mode=False: x with Π size elements → y of shape size
        batch_mode=True: x (N, ...) → y (N, *size)
        batch_mode=None: as False if x has Π size elements and its first axis is not 1, else as True
    Errors: ShapeError if the number of elements does not fit; ArgumentError for a size that is not positive.
    Source: torch/nn, Reshape.lua. With batch_mode=None, a first axis of size 1 is always a batch.
    """

    def __init__(self, size: int | Sequence[int], batch_mode: bool | None = None) -> None:
        self.size = to_shape(size)
        if min(self.size, default=1) < 1:
            raise self.argument_error(f"expected sizes of at least 1, got {size}")
        self.batch_mode = batch_mode

    def get_target_shape(self, x: Array) -> Shape:
        elements = prod(self.size)
        batch = self.batch_mode
        if batch is None:
            batch = x.size != elements or x.shape[:1] == (1,)
        if x.size != elements * (len(x) if batch and x.ndim else 1):
            expected = f"{'samples' if batch else 'an array'} of {elements} elements"
            raise self.shape_error(f"{expected} for the shape {self.size}", x)
        return (len(x), *self.size) if batch and x.ndim else self.size

    def label(self) -> str:
        return f"Reshape({'x'.join(map(str, self.size))})"
