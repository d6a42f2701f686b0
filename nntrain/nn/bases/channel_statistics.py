"""Normalization of channels by their mean and variance over the batch."""

from collections.abc import Callable

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.matmul import get_ones, sum_rows
from nntrain.compute.threads import CHUNK_SIZE, map_ranges
from nntrain.nn.bases.batch_statistics import BatchStatistics


class ChannelStatistics(BatchStatistics):
    """BatchStatistics over channels, in blocks of channels that fit into the caches.

    Abstract: a subclass defines its ``inner`` axes.
    """

    def normalize(self, x: Array, y: Array, statistics: Array, measured: bool) -> None:
        n = x.size // self.n_output

        def process_channels(some: slice) -> None:
            channels, out = x[:, some], y[:, some]
            mean, variance, inverse, scale = statistics[:, some]
            if measured:
                np.divide(self._sum_channels(channels, mean), n, out=mean)
            centered = self._center(channels, mean)
            if measured:
                np.divide(self._dot_channels(centered, centered, variance), n, out=variance)
            self.compute_scale(variance, inverse, scale, None if self.weight is None else self.weight[some])
            np.multiply(centered, self.broadcast(scale), out=out)
            if self.bias is not None:
                np.add(out, self.broadcast(self.bias[some]), out=out)

        self._apply_in_blocks(process_channels, x)

    def differentiate(self, x: Array, dy: Array, dx: Array, statistics: Array, grads: Array, measured: bool) -> None:
        n = x.size // self.n_output

        def process_channels(some: slice) -> None:
            channels, out = dy[:, some], dx[:, some]
            mean, _, inverse, scale = statistics[:, some]
            dw, db, part = grads[:, some]
            centered = self._center(x[:, some], mean)
            np.multiply(self._dot_channels(channels, centered, dw), inverse, out=dw)
            self._sum_channels(channels, db)
            if measured:
                np.divide(np.multiply(dw, inverse, out=part), n, out=part)
                np.multiply(centered, self.broadcast(part), out=centered)
                np.subtract(channels, centered, out=out)
                np.subtract(out, self.broadcast(np.divide(db, n, out=part)), out=out)
                channels = out
            np.multiply(channels, self.broadcast(scale), out=out)

        self._apply_in_blocks(process_channels, x)

    def _apply_in_blocks(self, work: Callable[[slice], None], x: Array) -> None:
        """Call ``work`` on blocks of channels, split among threads."""
        block_size = max(2 * CHUNK_SIZE * self.n_output // max(x.size, 1), 1)
        count = -(-self.n_output // block_size)

        def process_blocks(some: range) -> None:
            for block in some:
                work(slice(block * self.n_output // count, (block + 1) * self.n_output // count))

        map_ranges(count, process_blocks)

    def _center(self, x: Array, mean: Array) -> Array:
        """Return x − μ for a block of channels."""
        return np.subtract(x, self.broadcast(mean), out=self.buffer("centered", x.shape, like=x))

    def _sum_channels(self, x: Array, out: Array) -> Array:
        """out ← Σ x over the batch and the inner axes; a product with ones is faster than ``np.sum``."""
        channels = x.reshape(*x.shape[:2], -1)
        sums = self.buffer("sums", channels.shape[:2], like=x)
        return sum_rows(np.matmul(channels, get_ones(channels.shape[2], x.dtype), out=sums), out)

    def _dot_channels(self, a: Array, b: Array, out: Array) -> Array:
        """out ← Σ a b over the batch and the inner axes."""
        sums = self.buffer("sums", a.shape[:2], like=a)
        # np.vecdot would hold the GIL and block the other threads.
        np.matmul(a.reshape(*a.shape[:2], 1, -1), b.reshape(*b.shape[:2], -1, 1), out=sums[..., None, None])
        return sum_rows(sums, out)

    def broadcast(self, row: Array) -> Array:
        return row.reshape(-1, *(1,) * len(self.inner))
