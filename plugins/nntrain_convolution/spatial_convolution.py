"""y = b + W ⋆ x, over height and width."""

from nntrain.compute.windows import Windows
from nntrain_convolution.convolution import Convolution


class SpatialConvolution(Convolution):
    """y[o, i, j] = b[o] + Σ W[o, c, u, v] x[c, i dh + u − pad_h, j dw + v − pad_w] over channels c and the kernel.

    dx is the transposed map of dy;  dW[o, c, u, v] = Σ dy[o, i, j] x[c, ...];  db[o] = Σ dy[o].

    Shapes:
        x (N, n_input_plane, h, w) → y (N, n_output_plane, h', w'), or one sample without N;
        h' = ⌊(h + 2 pad_h − kh) / dh⌋ + 1, the same for w'; x is 0 outside
        weight (n_output_plane, n_input_plane, kh, kw), bias (n_output_plane,), absent with bias=False
    pad_h defaults to pad_w. Initially both are U(−s, s), s = 1/√(kw kh n_input_plane).
    Errors: ShapeError for another number of axes or channels, and for an image smaller than the kernel.
    Source: torch/nn, SpatialConvolution.lua. A weight of two axes, as in old files, is reshaped to four.
    """

    has_fan_init = True

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
        bias: bool = True,
    ) -> None:
        padding = pad_w if pad_h is None else pad_h, pad_w
        self._init_convolution(n_input_plane, n_output_plane, Windows((kh, kw), (dh, dw), padding), bias)
