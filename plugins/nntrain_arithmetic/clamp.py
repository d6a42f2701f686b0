"""y = min(max(x, min_value), max_value)."""

from nntrain.nn.bases.clip import Clip


class Clamp(Clip):
    """y = min(max(x, min_value), max_value);  y' = 1 where min_value < x < max_value, 0 elsewhere.

    Shapes:
        any x → y of the same shape
    Errors: ArgumentError unless min_value is below max_value.
    Source: torch/nn, Clamp.lua. At the bounds the derivative is 0.
    """

    def __init__(self, min_value: float = -1, max_value: float = 1) -> None:
        self.set_bounds(min_value, max_value)
