"""y = b + W ⋆ x, over time, with features last."""

from nntrain.compute.array import Array, Shape
from nntrain.compute.windows import Windows
from nntrain_convolution.convolution import Convolution


class TemporalConvolution(Convolution):
    """y[t, o] = b[o] + Σ W[o, k input_frame_size + f] x[t dw + k, f] over the frames k < kw and features f.

    dx is the transposed map of dy;  dW[o, (k, f)] = Σ dy[t, o] x[t dw + k, f];  db[o] = Σ dy[t, o].

    Shapes:
        x (N, T, input_frame_size) → y (N, T', output_frame_size), or one sequence without N; T' = ⌊(T − kw) / dw⌋ + 1
        weight (output_frame_size, kw input_frame_size), each row the concatenated frames of a window;
        bias (output_frame_size,)
    Initially both are U(−s, s), s = 1/√(kw input_frame_size).
    Errors: ShapeError for another number of axes or features, and for fewer than kw frames.
    Source: torch/nn, TemporalConvolution.lua.
    """

    axes = ("T",)
    inferred = {"input_frame_size": -1}
    channels_last = True

    def __init__(self, input_frame_size: int, output_frame_size: int, kw: int, dw: int = 1) -> None:
        self._init_convolution(input_frame_size, output_frame_size, Windows((kw,), (dw,)), bias=True)

    def _get_weight_shape(self) -> Shape:
        return (self.n_output_plane, self.windows.kernel[0] * self.n_input_plane)

    def _view_kernels(self, weight: Array) -> Array:
        # (1 group, features out, features in, frames)
        return weight.reshape(1, self.n_output_plane, -1, self.n_input_plane).swapaxes(2, 3)

    def label(self) -> str:
        return type(self).__name__
