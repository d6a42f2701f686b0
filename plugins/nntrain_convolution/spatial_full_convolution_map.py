"""y = b + Wᵀ ⋆ x, with a table of connections between channels."""

from collections.abc import Sequence

from nntrain.compute.array import Array, IntArray
from nntrain.compute.windows import Windows
from nntrain_convolution.connection_table_convolution import ConnectionTableConvolution
from nntrain_convolution.full_convolution import FullConvolution


class SpatialFullConvolutionMap(ConnectionTableConvolution, FullConvolution):
    """y[o, i dh + u, j dw + v] = b[o] + Σ W[r, u, v] x[c, i, j] over the rows conn_table[r] = (c, o), not flipped.

    Shapes:
        x (C, h, w) → y (O, (h − 1) dh + kh, (w − 1) dw + kw), one sample only
        conn_table (n, 2), channels counted from 0, C and O one more than the largest of each column
        weight (n, kh, kw), bias (O,)
    Initially the kernels and the bias of channel o are U(−s, s), s = 1/√(kw kh · rows to o).
    ``nntrain_convolution.tables`` builds tables.
    Errors: ShapeError for a batch and for another number of channels; ArgumentError for another table, and for an
    output channel without rows.
    Source: torch/nn, SpatialFullConvolutionMap.lua.
    """

    pairing = (0, 1)
    adj = _adj = (0, 0)

    def __init__(
        self, conn_table: Sequence[Sequence[int]] | IntArray, kw: int, kh: int, dw: int = 1, dh: int = 1
    ) -> None:
        self._init_connected(conn_table, Windows((kh, kw), (dh, dw)))

    def _get_source(self, x: Array) -> Array:
        self.require(x, 3, expected=self._describe_expected())
        return self._to_samples(x)

    def _describe_expected(self) -> str:
        return super()._describe_expected().replace("(N, ", "(")
