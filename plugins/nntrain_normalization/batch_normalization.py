"""y = (x − μ) / √(v + eps) · weight + bias, feature by feature."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.matmul import sum_rows
from nntrain.nn.bases.batch_statistics import BatchStatistics
from nntrain_normalization.row_blocks import RowBlocks


class BatchNormalization(BatchStatistics):
    """y = h weight + bias, h = (x − μ) / √(v + eps), with mean μ and variance v of each feature in the batch.

    dx = weight / √(v + eps) · (dy − mean dy − h mean(dy h));  dweight = Σ dy h;  dbias = Σ dy. In training, the
    running statistics move by momentum to those of the batch (with N − 1 in the variance); in evaluation mode, and
    for a batch of one, they replace μ and v, and dx = weight / √(v + eps) · dy.

    Shapes:
        x (N, n_output) → y of the same shape; in evaluation mode also (n_output,)
        weight, bias (n_output,), absent with affine=False; running_mean, running_var (n_output,)
    Initially weight is U(0, 1), bias 0, running_mean 0, running_var 1; ``reset`` restores all four.
    Errors: ShapeError for another number of features or axes, and for one sample (n_output,) in training.
    Source: torch/nn, BatchNormalization.lua; Ioffe and Szegedy, "Batch Normalization", 2015.
    """

    def normalize(self, x: Array, y: Array, statistics: Array, measured: bool) -> None:
        mean, variance, inverse, scale = statistics  # views of its rows
        blocks = RowBlocks(self, x)
        if measured:
            blocks.sum(sum_rows, x, out=statistics[:1])
            np.divide(mean, len(x), out=mean)
            blocks.sum(self._sum_squares, x, mean, y, out=statistics[1:2])
            np.divide(variance, len(x), out=variance)
            self.compute_scale(variance, inverse, scale, self.weight)
            blocks.map(self._transform, y, scale)
        else:
            self.compute_scale(variance, inverse, scale, self.weight)
            blocks.map(self._center_and_transform, x, mean, scale, y)

    def differentiate(self, x: Array, dy: Array, dx: Array, statistics: Array, grads: Array, measured: bool) -> None:
        mean, _, inverse, scale = statistics
        dw, db, r = grads
        blocks = RowBlocks(self, x)
        blocks.sum(self._sum_products, x, mean, dy, dx, out=grads[:2])
        np.multiply(dw, inverse, out=dw)
        if measured:
            np.multiply(dw, inverse, out=r)
            np.divide(r, len(x), out=r)
            mean_dy = np.divide(db, len(x), out=self.buffer("mean dy", db.shape, like=db))
            blocks.map(self._combine, dx, r, dy, mean_dy, scale)
        else:
            blocks.map(np.multiply, dy, scale, dx)

    def _sum_squares(self, x: Array, mean: Array, d: Array, out: Array) -> None:
        """d ← x − μ;  out ← Σ d²."""
        np.subtract(x, mean, out=d)
        sum_rows(np.multiply(d, d, out=self._get_block_buffer(d)), out)

    def _transform(self, y: Array, scale: Array) -> None:
        """y ← y s + bias."""
        np.multiply(y, scale, out=y)
        if self.bias is not None:
            np.add(y, self.bias, out=y)

    def _center_and_transform(self, x: Array, mean: Array, scale: Array, y: Array) -> None:
        """y ← (x − μ) s + bias."""
        np.subtract(x, mean, out=y)
        self._transform(y, scale)

    def _sum_products(self, x: Array, mean: Array, dy: Array, d: Array, dw: Array, db: Array) -> None:
        """d ← x − μ;  dw ← Σ d dy;  db ← Σ dy."""
        np.subtract(x, mean, out=d)
        sum_rows(np.multiply(d, dy, out=self._get_block_buffer(d)), dw)
        sum_rows(dy, db)

    def _combine(self, d: Array, r: Array, dy: Array, mean_dy: Array, scale: Array) -> None:
        """d ← s (dy − d r − mean dy), where r = mean(dy h) / √(v + eps) and d = x − μ, so that d r = h mean(dy h)."""
        np.multiply(d, r, out=d)
        np.subtract(dy, d, out=d)
        np.subtract(d, mean_dy, out=d)
        np.multiply(d, scale, out=d)

    def _get_block_buffer(self, like: Array) -> Array:
        """Memory for a block."""
        return self.buffer("products", like.shape, like=like)
