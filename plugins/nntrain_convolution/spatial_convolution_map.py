"""y = b + W ⋆ x, with a table of connections between channels."""

from collections.abc import Sequence

from nntrain.compute.array import IntArray
from nntrain.compute.windows import Windows
from nntrain_convolution.connection_table_convolution import ConnectionTableConvolution
from nntrain_convolution.convolution import Convolution


class SpatialConvolutionMap(ConnectionTableConvolution, Convolution):
    """y[o, i, j] = b[o] + Σ W[r, u, v] x[c, i dh + u, j dw + v] over the rows conn_table[r] = (c, o), u and v.

    Shapes:
        x (N, C, h, w) → y (N, O, h', w'), or one sample without N; h' = ⌊(h − kh) / dh⌋ + 1, the same for w'
        conn_table (n, 2), channels counted from 0, C and O one more than the largest of each column
        weight (n, kh, kw), bias (O,)
    Initially the kernels and the bias of channel o are U(−s, s), s = 1/√(kw kh · rows to o).
    ``nntrain_convolution.tables`` builds tables.
    Errors: ShapeError for another number of axes or channels, and for an image smaller than the kernel; ArgumentError
    for another table, and for an output channel without rows.
    Source: torch/nn, SpatialConvolutionMap.lua, whose gradients are wrong where the windows do not tile the image.
    """

    def __init__(
        self, conn_table: Sequence[Sequence[int]] | IntArray, kw: int, kh: int, dw: int = 1, dh: int = 1
    ) -> None:
        self._init_connected(conn_table, Windows((kh, kw), (dh, dw)))
