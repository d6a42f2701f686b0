"""y = max(x, 0)."""

from nntrain_activation.threshold import Threshold


class ReLU(Threshold):
    """y = max(x, 0);  y' = 1 where x > 0, 0 elsewhere.

    Shapes:
        any x → y of the same shape
    With inplace, y overwrites x and dx overwrites dy.
    Source: torch/nn, ReLU.lua.
    """

    needs_in_place = "signs"

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0, 0, inplace)
