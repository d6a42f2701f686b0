"""y = (x − μ) / √(v + eps) · weight + bias, plane by plane of volumes."""

from __future__ import annotations

from nntrain.nn.bases.channel_statistics import ChannelStatistics

__all__ = ["VolumetricBatchNormalization"]


class VolumetricBatchNormalization(ChannelStatistics):
    """y = h weight + bias, h = (x − μ) / √(v + eps), with mean μ and variance v of each plane in the batch of volumes.

    dx = weight / √(v + eps) · (dy − mean dy − h mean(dy h));  dweight = Σ dy h;  dbias = Σ dy; sums and means over
    batch, time, height and width. In training the running statistics move by momentum to those of the batch (the
    variance divided by the number of elements − 1); in prediction, and for a batch of one volume, they take the
    place of μ and v, and dx = weight / √(v + eps) · dy.

    Shapes:
        x (N, n_output, t, h, w) → y of the same shape; in prediction also (n_output, t, h, w)
        weight, bias (n_output,), absent with affine=False; running_mean, running_var (n_output,)
    Initially weight is U(0, 1), bias 0, running_mean 0, running_var 1; ``reset`` makes all four so again.
    Errors: ShapeError for another number of planes or axes, and for one volume (n_output, t, h, w) in training.
    Source: torch/nn, VolumetricBatchNormalization.lua; Ioffe and Szegedy, "Batch Normalization", 2015.
    """

    inner = ("t", "h", "w")
