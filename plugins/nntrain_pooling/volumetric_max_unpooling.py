"""y = x at the positions of the maxima of a pooling of volumes."""

from nntrain_pooling.max_unpooling import MaxUnpooling
from nntrain_pooling.volumetric_max_pooling import VolumetricMaxPooling


class VolumetricMaxUnpooling(MaxUnpooling):
    """y[indices] = x, 0 elsewhere, with the indices of the pooling's last forward;  dx = dy[indices].

    The pooling is elsewhere in the network, not a child. In a spec it has an "id", and is {"ref": id} here.

    Shapes:
        x (C, l, i, j) or (N, C, l, i, j), as the pooling's output → y (..., t, h, w), as the pooling's input
    Errors: ShapeError for another shape, or before the pooling ran; ArgumentError unless it is a VolumetricMaxPooling,
    whose strides are its kernel, without dilation.
    Source: torch/nn, VolumetricMaxUnpooling.lua.
    """

    sample_axes = ("C", "t", "h", "w")

    def __init__(self, pooling: VolumetricMaxPooling) -> None:
        self.init_pooling(pooling, VolumetricMaxPooling)
