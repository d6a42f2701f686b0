"""y = x + b, b of the size of one sample."""

from nntrain.compute.array import Array, Shape, is_array
from nntrain_arithmetic.c_add import CAdd


class Add(CAdd):
    """y = x + b;  dx = dy;  db = Σ dy over the batch, or over all elements if b is one number.

    Shapes:
        bias b (input_size,): x (input_size,), or (N, ...) with samples of input_size elements → y of the same shape
        scalar=True: bias (1,), any x; input_size is ignored
    Initially bias is U(−s, s), s = 1/√(number of elements).
    Errors: ShapeError if x does not fit; ArgumentError for an input_size below 1.
    Source: torch/nn, Add.lua.
    """

    inferred = {"input_size": -1}

    def __init__(self, input_size: int, scalar: bool = False) -> None:
        self.scalar = scalar
        super().__init__(1 if scalar else input_size)

    def get_broadcast_shapes(self, x: Array) -> tuple[Shape, Shape]:
        count = self.bias.size
        if not is_array(x) or x.ndim == 0 or (not self.scalar and x.shape != (count,) and x.size != len(x) * count):
            raise self.shape_error(f"an input of shape ({count},), or samples of {count} elements", x)
        return (x.size // count, count), (1, count)
