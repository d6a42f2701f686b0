"""y = min(max(x, min_value), max_value)."""

from nntrain.nn.bases.clip import Clip


class HardTanh(Clip):
    """y = min(max(x, min_value), max_value);  y' = 1 where min_value < x < max_value, 0 elsewhere.

    Shapes:
        any x → y of the same shape
    With inplace, y overwrites x and dx overwrites dy.
    Errors: ArgumentError unless min_value is below max_value.
    Source: torch/nn, HardTanh.lua. At the bounds the derivative is 0.
    """

    mutable_arguments = ("inplace",)

    def __init__(self, min_value: float = -1, max_value: float = 1, inplace: bool = False) -> None:
        self.set_bounds(min_value, max_value)
        self.inplace = inplace
