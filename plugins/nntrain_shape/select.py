"""y = one slice of x."""

from nntrain.compute.array import Array
from nntrain_shape.slicing import Slicing


class Select(Slicing):
    """y = x at ``index`` of dim;  dx = dy there, 0 elsewhere.

    Shapes:
        x with two axes or more → y without axis dim; negative dim and index count from the end
    Errors: ShapeError if x has fewer axes, or no such axis or index.
    Source: torch/nn, Select.lua. A batch axis counts as any other.
    """

    def __init__(self, dim: int, index: int) -> None:
        self.dim = dim
        self.index = index

    def get_index(self, size: int, x: Array) -> int:
        if x.ndim < 2 or not -size <= self.index < size:
            raise self.shape_error(f"two axes or more, and an index {self.index} along axis {self.dim}", x)
        return self.index
