"""y = (x − μ) / √(v + eps) · weight + bias, channel by channel of images."""

from nntrain.nn.bases.channel_statistics import ChannelStatistics


class SpatialBatchNormalization(ChannelStatistics):
    """y = h weight + bias, h = (x − μ) / √(v + eps), with mean μ and variance v of each channel in the batch of images.

    dx = weight / √(v + eps) · (dy − mean dy − h mean(dy h));  dweight = Σ dy h;  dbias = Σ dy; sums and means over
    batch, height and width. In training, the running statistics move by momentum to those of the batch (with the
    number of pixels − 1 in the variance); in evaluation mode, and for a batch of one image, they replace μ and v,
    and dx = weight / √(v + eps) · dy.

    Shapes:
        x (N, n_output, h, w) → y of the same shape; in evaluation mode also (n_output, h, w)
        weight, bias (n_output,), absent with affine=False; running_mean, running_var (n_output,)
    Initially weight is U(0, 1), bias 0, running_mean 0, running_var 1; ``reset`` restores all four.
    Errors: ShapeError for another number of channels or axes, and for one image (n_output, h, w) in training.
    Source: torch/nn, SpatialBatchNormalization.lua; Ioffe and Szegedy, "Batch Normalization", 2015.
    """

    inner = ("h", "w")
