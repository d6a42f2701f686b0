"""y = b + W ⋆ x, over time, height and width."""

from nntrain.compute.windows import Windows
from nntrain_convolution.convolution import Convolution


class VolumetricConvolution(Convolution):
    """y[o, a, i, j] = b[o] + Σ W[o, c, s, u, v] x[c, a dt + s − pad_t, i dh + u − pad_h, j dw + v − pad_w].

    dx is the transposed map of dy;  dW[o, c, s, u, v] = Σ dy[o, a, i, j] x[c, ...];  db[o] = Σ dy[o].

    Shapes:
        x (N, n_input_plane, t, h, w) → y (N, n_output_plane, t', h', w'), or one sample without N;
        t' = ⌊(t + 2 pad_t − kt) / dt⌋ + 1, h' and the same for w'; x is 0 outside
        weight (n_output_plane, n_input_plane, kt, kh, kw), bias (n_output_plane,), absent with bias=False
    pad_w is pad_t and pad_h defaults to pad_w. Initially both are U(−s, s), s = 1/√(kt kw kh n_input_plane).
    Errors: ShapeError for another number of axes or channels, and for a volume smaller than the kernel.
    Source: torch/nn, VolumetricConvolution.lua. A weight of two axes, as in old files, is reshaped to five.
    """

    axes = ("t", "h", "w")
    has_fan_init = True

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
        pad_w: int | None = None,
        pad_h: int | None = None,
        bias: bool = True,
    ) -> None:
        windows = Windows((kt, kh, kw), (dt, dh, dw), resolve_padding(pad_t, pad_w, pad_h))
        self._init_convolution(n_input_plane, n_output_plane, windows, bias)


def resolve_padding(pad_t: int, pad_w: int | None, pad_h: int | None) -> tuple[int, int, int]:
    """The padding of t, h, w; each defaults to the argument before it."""
    pad_w = pad_t if pad_w is None else pad_w
    return pad_t, pad_w if pad_h is None else pad_h, pad_w
