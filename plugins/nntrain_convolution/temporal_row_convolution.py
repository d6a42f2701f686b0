"""y = b + W ⋆ x over time, feature by feature."""

from nntrain.compute.array import Array, Shape
from nntrain.compute.windows import Windows
from nntrain_convolution.convolution import Convolution


class TemporalRowConvolution(Convolution):
    """y[t, f] = b[f] + Σ W[f, 0, k] x[t dw + k, f] over k < kw: one filter per feature.

    Shapes:
        x (N, T, input_frame_size) → y (N, T', input_frame_size), or one sequence without N; T' = ⌊(T − kw) / dw⌋ + 1;
        with feat_first=True x (N, input_frame_size, T) → y (N, input_frame_size, T')
        weight (input_frame_size, 1, kw), bias (input_frame_size,), absent with bias=False
    Initially both are U(−s, s), s = 1/√(kw input_frame_size).
    Errors: ShapeError for another number of axes or features, and for fewer than kw frames.
    Source: torch/nn, TemporalRowConvolution.lua, which without feat_first uses a wrong buffer if the numbers of frames
    and features are equal.
    """

    axes = ("T",)
    inferred = {"input_frame_size": -1}
    has_fan_init = True

    def __init__(
        self, input_frame_size: int, kw: int, dw: int = 1, feat_first: bool = False, bias: bool = True
    ) -> None:
        self.channels_last = not feat_first
        self._init_convolution(input_frame_size, input_frame_size, Windows((kw,), (dw,)), bias)

    def _get_weight_shape(self) -> Shape:
        return (self.n_input_plane, 1, *self.windows.kernel)

    def _view_kernels(self, weight: Array) -> Array:
        return weight[:, None]

    def label(self) -> str:
        kw, dw = self.windows.kernel[0], self.windows.stride[0]
        bias = "" if self.bias is not None else " without bias"
        return f"{type(self).__name__}({self.n_input_plane}, {kw}{f', {dw}' if dw > 1 else ''}){bias}"
