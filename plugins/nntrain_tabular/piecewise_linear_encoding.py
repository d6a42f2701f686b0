"""Each number as its position in the bins of its column."""

from collections.abc import Sequence

import numpy as np

from nntrain.nn import Array, Module


class PiecewiseLinearEncoding(Module):
    """y_j = (x − e_j) / (e_{j+1} − e_j), clipped to [0, 1];  dx = Σ dy_j / (e_{j+1} − e_j) over the j with 0 < y_j < 1.

    Column i of x has the ascending edges e = edges[i], and a bin j between each two: a number is 1 in the bins below
    it, its fraction of its own bin, and 0 in those above.

    Shapes:
        x (N, len(edges)) → y (N, Σ (len(edges[i]) − 1)), the bins of column 0, then those of column 1, ...
    Errors: ArgumentError for fewer than 2 edges, and for edges that do not ascend; ShapeError for another number of
    columns.
    Source: Gorishniy et al., "On Embeddings for Numerical Features in Tabular Deep Learning", 2022, eq. 1. There the
    first bin is not clipped at 0 and the last one not at 1; here both are, so that y is bounded for any x.
    """

    needs_output = True

    def __init__(self, edges: Sequence[Sequence[float]]) -> None:
        if not edges:
            raise self.argument_error("expected the edges of at least one column, got []")
        for column, ascending in enumerate(edges):
            e = np.asarray(ascending, np.float64)
            if e.size < 2 or not np.isfinite(e).all() or not (np.diff(e.astype(np.float32)) > 0).all():
                expected = "at least 2 edges that ascend and differ in float32"
                raise self.argument_error(f"edges[{column}]: expected {expected}, got {list(ascending)}")
        # Of each bin: the column, the lower edge and 1 / width; the first bin of each column.
        bins = [len(e) - 1 for e in edges]
        self.column = np.repeat(np.arange(len(edges)), bins)
        self.lower = np.concatenate([np.asarray(e[:-1], np.float32) for e in edges])
        self.inverse = (1 / np.concatenate([np.diff(np.asarray(e, np.float64)) for e in edges])).astype(np.float32)
        self.start = np.cumsum([0, *bins[:-1]])

    def update_output(self, x: Array) -> Array:
        x = self.to_floating(x)
        columns = len(self.start)
        self.require(x, 2, size=columns, expected=f"an input of shape (N, {columns})")
        y = self.output_of((len(x), len(self.lower)), like=x)
        # All columns exist; with the mode "raise" NumPy would copy y.
        np.take(x, self.column, axis=1, out=y, mode="clip")
        np.subtract(y, self.lower, out=y)
        np.multiply(y, self.inverse, out=y)
        return np.clip(y, 0, 1, out=y)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx, y = self.grad_input_of(x), self.output
        slope = self.buffer("slope", y.shape, like=y)
        np.multiply(dy, self.inverse, out=slope)
        np.multiply(slope, y > 0, out=slope)
        np.multiply(slope, y < 1, out=slope)
        return np.add.reduceat(slope, self.start, axis=1, out=dx)

    def label(self) -> str:
        return f"{type(self).__name__}({len(self.start)} -> {len(self.lower)})"
