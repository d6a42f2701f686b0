"""y = b + Wᵀ ⋆ x, over time, height and width."""

from nntrain.compute.windows import Windows
from nntrain_convolution.full_convolution import FullConvolution


class VolumetricFullConvolution(FullConvolution):
    """y[o, a dt + s − pad_t, i dh + u − pad_h, j dw + v − pad_w] = b[o] + Σ W[c, o, s, u, v] x[c, a, i, j].

    dx is the convolution of dy with W;  dW[c, o, s, u, v] = Σ x[c, a, i, j] dy[o, ...];  db[o] = Σ dy[o].

    Shapes:
        x (N, n_input_plane, t, h, w) → y (N, n_output_plane, t', h', w'), or one sample without N;
        t' = (t − 1) dt − 2 pad_t + kt + adj_t, h' and the same for w'
        [x, target] → y with adj chosen to give target's last three sizes; then grad_input is [dx, 0]
        weight (n_input_plane, n_output_plane, kt, kh, kw), bias (n_output_plane,), absent with bias=False
    Initially both are U(−s, s), s = 1/√(kt kw kh n_input_plane).
    Errors: ShapeError for another number of axes or channels, and where the padding leaves no y; ArgumentError for
    an adj that is not below its stride.
    Source: torch/nn, VolumetricFullConvolution.lua.
    """

    axes = ("t", "h", "w")

    def __init__(
        self,
        n_input_plane: int,
        n_output_plane: int,
        kt: int,
        kw: int,
        kh: int,
        dt: int = 1,
        dw: int = 1,
        dh: int = 1,
        pad_t: int = 0,
        pad_w: int = 0,
        pad_h: int = 0,
        adj_t: int = 0,
        adj_w: int = 0,
        adj_h: int = 0,
        bias: bool = True,
    ) -> None:
        windows = Windows((kt, kh, kw), (dt, dh, dw), (pad_t, pad_h, pad_w))
        self._init_full(n_input_plane, n_output_plane, windows, (adj_t, adj_h, adj_w), bias)
