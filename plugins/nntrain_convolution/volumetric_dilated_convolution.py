"""y = b + W ⋆ x, over time, height and width, with dilation."""

from nntrain.compute.array import Shape
from nntrain.compute.windows import Windows
from nntrain_convolution.volumetric_convolution import VolumetricConvolution, resolve_padding


class VolumetricDilatedConvolution(VolumetricConvolution):
    """y[o, a, i, j] = b[o] + Σ W[o, c, s, u, v] x[c, a dt + s dilation_t − pad_t, i dh + u dilation_h − pad_h, ...].

    Shapes:
        x (N, n_input_plane, t, h, w) → y (N, n_output_plane, t', h', w'), or one sample without N;
        t' = ⌊(t + 2 pad_t − dilation_t (kt − 1) − 1) / dt⌋ + 1, h' and the same for w'; x is 0 outside
        weight (n_output_plane, n_input_plane, kt, kh, kw), bias (n_output_plane,), absent with bias=False
    pad_w is pad_t and pad_h defaults to pad_w. Initially both are U(−s, s), s = 1/√(kt kw kh n_input_plane).
    Errors: ShapeError for another number of axes or channels, and for a volume smaller than the dilated kernel.
    Source: torch/nn, VolumetricDilatedConvolution.lua.
    """

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
        dilation_t: int = 1,
        dilation_w: int = 1,
        dilation_h: int = 1,
        bias: bool = True,
    ) -> None:
        dilation = dilation_t, dilation_h, dilation_w
        windows = Windows((kt, kh, kw), (dt, dh, dw), resolve_padding(pad_t, pad_w, pad_h), dilation)
        self._init_convolution(n_input_plane, n_output_plane, windows, bias)

    def _get_label_parts(self) -> list[Shape]:
        return [*super()._get_label_parts(), self.windows.dilation]
