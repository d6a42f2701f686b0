"""y = weight Σ x + bias over every window of an image."""

from nntrain_pooling.sub_sampling import SubSampling


class SpatialSubSampling(SubSampling):
    """y[c] = weight[c] s[c] + bias[c], s = Σ x over every kh × kw window;  dweight = Σ dy s, dbias = Σ dy.

    dx is weight dy, added to the window.

    Shapes:
        x (n_input_plane, h, w) or (N, n_input_plane, h, w) → y (..., (h − kh) // dh + 1, (w − kw) // dw + 1)
        weight, bias (n_input_plane,)
    Initially both are U(−1/√(kw kh), 1/√(kw kh)). The strides default to 1.
    Errors: ShapeError if the image is smaller than the kernel, or has another number of channels.
    Source: torch/nn, SpatialSubSampling.lua.
    """

    inferred = {"n_input_plane": -3}
    inner = 2

    def __init__(self, n_input_plane: int, kw: int, kh: int, dw: int = 1, dh: int = 1) -> None:
        self.init_windows((kh, kw), (dh, dw))
        self.init_channels(self.require_integer("n_input_plane", n_input_plane))
