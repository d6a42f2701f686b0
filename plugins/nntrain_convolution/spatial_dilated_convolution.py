"""y = b + W ⋆ x, with dilation."""

from nntrain.compute.array import Shape
from nntrain.compute.windows import Windows
from nntrain_convolution.spatial_convolution import SpatialConvolution


class SpatialDilatedConvolution(SpatialConvolution):
    """y[o, i, j] = b[o] + Σ W[o, c, u, v] x[c, i dh + u dilation_h − pad_h, j dw + v dilation_w − pad_w].

    Shapes:
        x (N, n_input_plane, h, w) → y (N, n_output_plane, h', w'), or one sample without N;
        h' = ⌊(h + 2 pad_h − dilation_h (kh − 1) − 1) / dh⌋ + 1, the same for w'; x is 0 outside
        weight (n_output_plane, n_input_plane, kh, kw), bias (n_output_plane,), absent with bias=False
    pad_h defaults to pad_w. Initially both are U(−s, s), s = 1/√(kw kh n_input_plane).
    Errors: ShapeError for another number of axes or channels, and for an image smaller than the dilated kernel.
    Source: torch/nn, SpatialDilatedConvolution.lua; Yu and Koltun, "Multi-Scale Context Aggregation by Dilated
    Convolutions", 2016.
    """

    def __init__(
        self,
        n_input_plane: int,
        n_output_plane: int,
        kw: int,
        kh: int,
        dw: int = 1,
        dh: int = 1,
        pad_w: int = 0,
        pad_h: int | None = None,
        dilation_w: int = 1,
        dilation_h: int = 1,
        bias: bool = True,
    ) -> None:
        padding = pad_w if pad_h is None else pad_h, pad_w
        windows = Windows((kh, kw), (dh, dw), padding, (dilation_h, dilation_w))
        self._init_convolution(n_input_plane, n_output_plane, windows, bias)

    def _get_label_parts(self) -> list[Shape]:
        return [*super()._get_label_parts(), self.windows.dilation]
