"""y = max over every window of frames."""

from nntrain.compute.array import IntArray
from nntrain_pooling.max_pooling import MaxPooling


class TemporalMaxPooling(MaxPooling):
    """y[t, f] = max x[t dw + k, f] over k < kw;  dx is dy, summed at the positions that y came from.

    The first of equal frames wins. ``indices`` are the frame numbers.

    Shapes:
        x (T, F) or (N, T, F) → y (..., (T − kw) // dw + 1, F)
    dw defaults to kw.
    Errors: ShapeError for fewer than kw frames.
    Source: torch/nn, TemporalMaxPooling.lua.
    """

    sample_axes = ("T", "F")

    def __init__(self, kw: int, dw: int | None = None) -> None:
        # Frames and features are the axes of one channel, and a window has the width of one feature.
        self.init_windows((kw, 1), (dw, 1))

    @property
    def indices(self) -> IntArray:
        positions = super().indices
        return positions // self.input_size[1] if positions.size else positions

    def label(self) -> str:
        return "TemporalMaxPooling"
