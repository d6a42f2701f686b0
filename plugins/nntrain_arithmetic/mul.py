"""y = w x, w a number."""

from nntrain.compute.array import Array, Shape, is_array
from nntrain_arithmetic.c_mul import CMul


class Mul(CMul):
    """y = w x, w one number;  dx = w dy;  dw = Σ x dy.

    Shapes:
        weight w (1,); any x → y of the same shape
    Initially weight is U(−1, 1).
    Source: torch/nn, Mul.lua.
    """

    def __init__(self) -> None:
        super().__init__(1)

    def get_broadcast_shapes(self, x: Array) -> tuple[Shape, Shape]:
        if not is_array(x):
            raise self.shape_error("an array", x)
        return (x.size,), (1,)
