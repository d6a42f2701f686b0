"""y = b + W ⋆ x, the planes connected by a table."""

from __future__ import annotations

from collections.abc import Sequence

from nntrain.compute.array import IntArray
from nntrain.compute.windows import Windows
from nntrain_convolution.connection_table_convolution import ConnectionTableConvolution
from nntrain_convolution.convolution import Convolution

__all__ = ["SpatialConvolutionMap"]


class SpatialConvolutionMap(ConnectionTableConvolution, Convolution):
    """y[o, i, j] = b[o] + Σ W[r, u, v] x[c, i dh + u, j dw + v] over the rows conn_table[r] = (c, o), u and v.

    Shapes:
        x (N, C, h, w) → y (N, O, h', w'), or one sample without N; h' = ⌊(h − kh) / dh⌋ + 1, w' likewise
        conn_table (n, 2), planes counted from 0, C and O one more than the largest of each column
        weight (n, kh, kw), bias (O,)
    Initially the kernels and the bias of plane o are U(−s, s), s = 1/√(kw kh · rows that lead to o).
    Errors: ShapeError for another number of axes or planes, and for an image smaller than the kernel; ArgumentError
    for a table that is no such table, or that leads nowhere to some output plane.
    Source: torch/nn, SpatialConvolutionMap.lua, whose gradients are wrong where the windows do not tile the image;
    nntrain's are not. Tables: ``nntrain_convolution.tables``.
    """

    def __init__(
        self, conn_table: Sequence[Sequence[int]] | IntArray, kw: int, kh: int, dw: int = 1, dh: int = 1
    ) -> None:
        self._init_connected(conn_table, Windows((kh, kw), (dh, dw)))
