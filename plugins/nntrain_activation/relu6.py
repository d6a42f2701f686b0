"""y = min(max(x, 0), 6)."""

from nntrain_activation.hard_tanh import HardTanh


class ReLU6(HardTanh):
    """y = min(max(x, 0), 6);  y' = 1 where 0 < x < 6, 0 elsewhere.

    Shapes:
        any x → y of the same shape
    With inplace, y overwrites x and dx overwrites dy.
    Source: torch/nn, ReLU6.lua.
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0, 6, inplace)
