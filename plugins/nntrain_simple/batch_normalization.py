"""y = (x − μ) / √(v + eps) · weight + bias, feature by feature."""

from __future__ import annotations

from nntrain.nn.batch_statistics import BatchStatistics

__all__ = ["BatchNormalization"]


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
