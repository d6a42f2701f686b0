"""y = consecutive slices of x."""

from nntrain.compute.array import Array
from nntrain_shape.slicing import Slicing


class Narrow(Slicing):
    """y = x[offset : offset + length] along dim;  dx = dy there, 0 elsewhere.

    Shapes:
        x → y, shorter along dim; a negative dim counts from the end
        length < 0: to the end of x, without the last −length − 1 slices
        offset < 0: all of x, without the last ``length`` slices
    Errors: ShapeError if x has no such axis or slices; ArgumentError if both are negative.
    Source: torch/nn, Narrow.lua. A batch axis counts as any other.
    """

    def __init__(self, dim: int, offset: int, length: int = 1) -> None:
        if offset < 0 and length < 0:
            raise self.argument_error(f"expected an offset or a length of at least 0, got {offset} and {length}")
        self.dim = dim
        self.offset = offset
        self.length = length

    def get_index(self, size: int, x: Array) -> slice:
        start, stop = self.offset, self.offset + self.length
        if self.length < 0:
            stop = size + self.length + 1
        if self.offset < 0:
            start, stop = 0, size - self.length
        if not start < stop <= size:
            raise self.shape_error(f"an input with slices {start} to {stop - 1} along axis {self.dim}", x)
        return slice(start, stop)
