"""The base of paddings of images."""

from nntrain_resampling.border_padding import BorderPadding


class SpatialPadding(BorderPadding):
    """A padding of the last two axes, whose amounts default to pad_left."""

    def __init__(
        self, pad_left: int, pad_right: int | None = None, pad_top: int | None = None, pad_bottom: int | None = None
    ) -> None:
        given = (pad_left, pad_right, pad_top, pad_bottom)
        left, right, top, bottom = (pad_left if pad is None else pad for pad in given)
        self.amounts = ((top, bottom), (left, right))

    def label(self) -> str:
        (top, bottom), (left, right) = self.amounts
        return f"{type(self).__name__}(l={left}, r={right}, t={top}, b={bottom})"
