"""Normalization of planes by their mean and variance in the batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.matmul import get_ones, sum_rows
from nntrain.compute.threads import CHUNK_SIZE, map_ranges
from nntrain.nn.bases.batch_statistics import BatchStatistics

__all__ = ["ChannelStatistics"]


class ChannelStatistics(BatchStatistics):
    """A BatchStatistics whose features are planes: it goes from block to block of them, each of which stays in the
    caches. Abstract: a subclass says its ``inner`` axes.
    """

    def normalize(self, x: Array, y: Array, statistics: Array, measured: bool) -> None:
        n = x.size // self.n_output

        def some_planes(some: slice) -> None:
            planes, out = x[:, some], y[:, some]
            mean, variance, inverse, scale = statistics[:, some]
            if measured:
                np.divide(self._sum_channels(planes, mean), n, out=mean)
            centred = self._center(planes, mean)
            if measured:
                np.divide(self._dot_channels(centred, centred, variance), n, out=variance)
            self.compute_scale(variance, inverse, scale, None if self.weight is None else self.weight[some])
            np.multiply(centred, self.broadcast(scale), out=out)
            if self.bias is not None:
                np.add(out, self.broadcast(self.bias[some]), out=out)

        self._apply_in_blocks(some_planes, x)

    def differentiate(self, x: Array, dy: Array, dx: Array, statistics: Array, slopes: Array, measured: bool) -> None:
        n = x.size // self.n_output

        def some_planes(some: slice) -> None:
            planes, out = dy[:, some], dx[:, some]
            mean, _, inverse, scale = statistics[:, some]
            dw, db, part = slopes[:, some]
            centred = self._center(x[:, some], mean)
            np.multiply(self._dot_channels(planes, centred, dw), inverse, out=dw)
            self._sum_channels(planes, db)
            if measured:
                np.divide(np.multiply(dw, inverse, out=part), n, out=part)
                np.multiply(centred, self.broadcast(part), out=centred)
                np.subtract(planes, centred, out=out)
                np.subtract(out, self.broadcast(np.divide(db, n, out=part)), out=out)
                planes = out
            np.multiply(planes, self.broadcast(scale), out=out)

        self._apply_in_blocks(some_planes, x)

    def _apply_in_blocks(self, work: Callable[[slice], None], x: Array) -> None:
        """``work`` on blocks of planes, shared out over threads."""
        most = max(2 * CHUNK_SIZE * self.n_output // max(x.size, 1), 1)
        count = -(-self.n_output // most)

        def some_blocks(some: range) -> None:
            for block in some:
                work(slice(block * self.n_output // count, (block + 1) * self.n_output // count))

        map_ranges(count, some_blocks)

    def _center(self, x: Array, mean: Array) -> Array:
        """x − μ for a block of planes."""
        return np.subtract(x, self.broadcast(mean), out=self.buffer("centred", x.shape, like=x))

    def _sum_channels(self, x: Array, out: Array) -> Array:
        """out ← Σ x over the batch and the inner axes; a product with ones is the fastest sum there is."""
        planes = x.reshape(*x.shape[:2], -1)
        sums = self.buffer("planes", planes.shape[:2], like=x)
        return sum_rows(np.matmul(planes, get_ones(planes.shape[2], x.dtype), out=sums), out)

    def _dot_channels(self, a: Array, b: Array, out: Array) -> Array:
        """out ← Σ a b over the batch and the inner axes."""
        planes = self.buffer("planes", a.shape[:2], like=a)
        # Not np.vecdot, which lets no other thread run meanwhile.
        np.matmul(a.reshape(*a.shape[:2], 1, -1), b.reshape(*b.shape[:2], -1, 1), out=planes[..., None, None])
        return sum_rows(planes, out)

    def broadcast(self, row: Array) -> Array:
        return row.reshape(-1, *(1,) * len(self.inner))
