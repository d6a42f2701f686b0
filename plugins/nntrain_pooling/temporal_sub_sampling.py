"""y = weight Σ x + bias over every window of frames."""

from nntrain.compute.array import Array
from nntrain_pooling.sub_sampling import SubSampling


class TemporalSubSampling(SubSampling):
    """y[t, f] = weight[f] s[t, f] + bias[f], s[t] = Σ x[t dw + k] over k < kw;  dweight = Σ dy s, dbias = Σ dy.

    dx is weight dy, added to the window.

    Shapes:
        x (T, input_frame_size) → y ((T − kw) // dw + 1, input_frame_size); no batches
        weight, bias (input_frame_size,)
    Initially both are U(−1/√kw, 1/√kw). dw defaults to 1.
    Errors: ShapeError for fewer than kw frames, another frame size, or a batch.
    Source: torch/nn, TemporalSubSampling.lua.
    """

    sample_axes = ("T", "F")
    inferred = {"input_frame_size": -1}
    inner = 0

    def __init__(self, input_frame_size: int, kw: int, dw: int = 1) -> None:
        self.init_windows((kw, 1), (dw, 1))
        self.init_channels(self.require_integer("input_frame_size", input_frame_size))

    def check_input(self, x: Array) -> Array:
        size = len(self.weight)
        self.require(x, 2, axis=1, size=size, expected=f"an input of shape (T, {size}), not a batch")
        return super().check_input(x)
