"""y = x at the positions of the maxima of a pooling of images."""

from nntrain_pooling.max_unpooling import MaxUnpooling
from nntrain_pooling.spatial_max_pooling import SpatialMaxPooling


class SpatialMaxUnpooling(MaxUnpooling):
    """y[indices] = x, 0 elsewhere, with the indices of the pooling's last forward;  dx = dy[indices].

    The pooling is elsewhere in the network, not a child. In a spec it has an "id", and is {"ref": id} here.

    Shapes:
        x (C, i, j) or (N, C, i, j), as the pooling's output → y (..., h, w), as the pooling's input
    Errors: ShapeError for another shape, or before the pooling ran; ArgumentError unless it is a SpatialMaxPooling,
    whose strides are its kernel, without dilation.
    Source: torch/nn, SpatialMaxUnpooling.lua.
    """

    def __init__(self, pooling: SpatialMaxPooling) -> None:
        self.init_pooling(pooling, SpatialMaxPooling)
