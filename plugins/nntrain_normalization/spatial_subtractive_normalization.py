"""y = x minus its weighted mean around each pixel."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array
from nntrain_normalization.local_mean import KernelValues, LocalMean


class SpatialSubtractiveNormalization(LocalMean):
    """y[c] = x[c] − m(x) / m(1), m the mean over all channels, weighted by the kernel around each pixel.

    x is zero outside, which m(1), the mean of ones, corrects for. dx[c] = dy[c] − mᵀ(Σ dy / m(1)).

    Shapes:
        x (n_input_plane, h, w) or (N, n_input_plane, h, w) → y of the same shape
        kernel (kh, kw), or (k,) along both axes; default: ones (9, 9)
    Errors: ShapeError for other channels; ArgumentError for a kernel of even size, other axes, or sum 0.
    Source: torch/nn, SpatialSubtractiveNormalization.lua, which divides the caller's kernel by its sum.
    """

    def __init__(self, n_input_plane: int = 1, kernel: KernelValues | None = None) -> None:
        self.init_kernel(n_input_plane, kernel)

    def update_output(self, x: Array) -> Array:
        x = self.to_images(x)
        y = self.output_of(x.shape, like=x)
        m = self.compute_mean(x, "mean")
        np.divide(m, self.compute_coverage(like=x), out=m)
        np.subtract(x, m[..., None, :, :], out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        dm = self.buffer("channels", (*x.shape[:-3], *x.shape[-2:]), like=dx)
        np.sum(dy, axis=-3, out=dm)
        np.divide(dm, self.compute_coverage(like=dx), out=dm)
        np.subtract(dy, self.compute_mean_adjoint(dm, "mean")[..., None, :, :], out=dx)
        return dx
