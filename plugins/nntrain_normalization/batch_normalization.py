"""y = (x − μ) / √(v + eps) · weight + bias, feature by feature."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.matmul import sum_rows
from nntrain.compute.threads import map_ranges
from nntrain.nn.bases.batch_statistics import BatchStatistics

__all__ = ["BatchNormalization"]

# Numbers in a block of rows: what is computed of it lies in the caches beside it.
BLOCK_SIZE = 1 << 16


class BatchNormalization(BatchStatistics):
    """y = h weight + bias, h = (x − μ) / √(v + eps), with mean μ and variance v of each feature in the batch.

    dx = weight / √(v + eps) · (dy − mean dy − h mean(dy h));  dweight = Σ dy h;  dbias = Σ dy. In training the
    running statistics move by momentum to those of the batch (the variance divided by N − 1); in prediction, and
    for a batch of one, they take the place of μ and v, and dx = weight / √(v + eps) · dy.

    Shapes:
        x (N, n_output) → y of the same shape; in prediction also (n_output,)
        weight, bias (n_output,), absent with affine=False; running_mean, running_var (n_output,)
    Initially weight is U(0, 1), bias 0, running_mean 0, running_var 1; ``reset`` makes all four so again.
    Errors: ShapeError for another number of features or axes, and for one sample (n_output,) in training.
    Source: torch/nn, BatchNormalization.lua; Ioffe and Szegedy, "Batch Normalization", 2015.
    """

    def normalize(self, x: Array, y: Array, statistics: Array, measured: bool) -> None:
        mean, variance, inverse, scale = statistics
        if measured:
            np.divide(self._sum_over_blocks(lambda x, out: sum_rows(x, out[0]), statistics[:1], x)[0], len(x), out=mean)

            # y is x − μ until v is known.
            def squares(x: Array, y: Array, out: Array) -> None:
                np.subtract(x, mean, out=y)
                sum_rows(np.multiply(y, y, out=self._get_scratch(y)), out[0])

            np.divide(self._sum_over_blocks(squares, statistics[1:2], x, y)[0], len(x), out=variance)
        self.compute_scale(variance, inverse, scale, self.weight)

        def scaled(x: Array, y: Array) -> None:
            if not measured:
                np.subtract(x, mean, out=y)
            np.multiply(y, scale, out=y)
            if self.bias is not None:
                np.add(y, self.bias, out=y)

        self._map_blocks(scaled, x, y)

    def differentiate(self, x: Array, dy: Array, dx: Array, statistics: Array, slopes: Array, measured: bool) -> None:
        mean, _, inverse, scale = statistics
        dw, db, part = slopes

        # dx is x − μ until its sums with dy are known.
        def products(x: Array, dy: Array, dx: Array, out: Array) -> None:
            np.subtract(x, mean, out=dx)
            sum_rows(np.multiply(dx, dy, out=self._get_scratch(dx)), out[0])
            sum_rows(dy, out[1])

        self._sum_over_blocks(products, slopes[:2], x, dy, dx)
        np.multiply(dw, inverse, out=dw)
        if not measured:
            self._map_blocks(lambda dy, dx: np.multiply(dy, scale, out=dx), dy, dx)
            return
        np.divide(np.multiply(dw, inverse, out=part), len(x), out=part)
        shift = np.divide(db, len(x), out=self.buffer("shift", db.shape, like=db))

        def combined(dy: Array, dx: Array) -> None:
            np.multiply(dx, part, out=dx)
            np.subtract(dy, dx, out=dx)
            np.subtract(dx, shift, out=dx)
            np.multiply(dx, scale, out=dx)

        self._map_blocks(combined, dy, dx)

    def _sum_over_blocks(self, work: Callable[..., object], totals: Array, *arrays: Array) -> Array:
        """totals (k, n_output) ← Σ of what ``work(*blocks, out)`` writes; added up in one order by any threads."""
        if arrays[0].size <= BLOCK_SIZE:
            work(*arrays, totals)
            return totals
        parts = self.buffer("parts", (self._count_blocks(arrays[0]), *totals.shape), like=totals)
        self._map_blocks(work, *arrays, parts=parts)
        return np.add.reduce(parts, axis=0, out=totals)

    def _map_blocks(self, work: Callable[..., object], *arrays: Array, parts: Array | None = None) -> None:
        """``work`` on blocks of rows (and on the part of each), which stay in the caches; shared out over threads."""
        if arrays[0].size <= BLOCK_SIZE:
            work(*arrays)
            return
        n, count = len(arrays[0]), self._count_blocks(arrays[0])

        def some_blocks(some: range) -> None:
            for block in some:
                rows = slice(n * block // count, n * (block + 1) // count)
                work(*(array[rows] for array in arrays), *(() if parts is None else (parts[block],)))

        map_ranges(count, some_blocks, min_length=4)

    def _count_blocks(self, x: Array) -> int:
        """How many blocks the rows of x make."""
        return -(-x.size // BLOCK_SIZE)

    def _get_scratch(self, like: Array) -> Array:
        """Memory for a block."""
        return self.buffer("products", like.shape, like=like)
