"""y = b + Wᵀ ⋆ x, over height and width."""

from nntrain.compute.windows import Windows
from nntrain_convolution.full_convolution import FullConvolution


class SpatialFullConvolution(FullConvolution):
    """y[o, i dh + u − pad_h, j dw + v − pad_w] = b[o] + Σ W[c, o, u, v] x[c, i, j]: SpatialConvolution transposed.

    dx is the convolution of dy with W;  dW[c, o, u, v] = Σ x[c, i, j] dy[o, ...];  db[o] = Σ dy[o].

    Shapes:
        x (N, n_input_plane, h, w) → y (N, n_output_plane, h', w'), or one sample without N;
        h' = (h − 1) dh − 2 pad_h + kh + adj_h, the same for w'
        [x, target] → y with adj chosen to give target's last two sizes; then grad_input is [dx, 0]
        weight (n_input_plane, n_output_plane, kh, kw), bias (n_output_plane,), absent with bias=False
    Initially both are U(−s, s), s = 1/√(kw kh n_input_plane).
    Errors: ShapeError for another number of axes or channels, and where the padding leaves no y; ArgumentError for
    an adj that is not below its stride.
    Source: torch/nn, SpatialFullConvolution.lua. If no adj gives the target size, the remainder of its division by the
    stride is used, as in Torch7.
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
        pad_h: int = 0,
        adj_w: int = 0,
        adj_h: int = 0,
        bias: bool = True,
    ) -> None:
        windows = Windows((kh, kw), (dh, dw), (pad_h, pad_w))
        self._init_full(n_input_plane, n_output_plane, windows, (adj_h, adj_w), bias)
