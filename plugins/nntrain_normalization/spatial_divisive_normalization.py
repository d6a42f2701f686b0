"""y = x divided by its weighted standard deviation around each pixel."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array
from nntrain_normalization.local_mean import KernelValues, LocalMean


class SpatialDivisiveNormalization(LocalMean):
    """y[c] = x[c] / d, d = s if s > threshold, else thresval, with s = √m(x²) / m(1).

    m is the mean over all channels, weighted by the kernel around each pixel, x zero outside. dx[c] = dy[c] / d
    + 2 x[c] mᵀ(ds / (2 m(1) √m(x²))), where ds = −Σ dy x / d² if s > threshold, else 0.

    Shapes:
        x (n_input_plane, h, w) or (N, n_input_plane, h, w) → y of the same shape
        kernel (kh, kw), or (k,) along both axes; default: ones (9, 9)
    thresval defaults to threshold.
    Errors: ShapeError for other channels; ArgumentError for a kernel of even size, other axes, or sum 0.
    Source: torch/nn, SpatialDivisiveNormalization.lua, which divides the caller's kernel by its sum.
    """

    def __init__(
        self,
        n_input_plane: int = 1,
        kernel: KernelValues | None = None,
        threshold: float = 1e-4,
        thresval: float | None = None,
    ) -> None:
        self.init_kernel(n_input_plane, kernel)
        self.threshold = threshold
        self.thresval = threshold if thresval is None else thresval

    def update_output(self, x: Array) -> Array:
        x = self.to_images(x)
        y = self.output_of(x.shape, like=x)
        np.multiply(x, x, out=y)
        root = self.compute_mean(y, "root")
        d = self.buffer("d", root.shape, like=x)
        with np.errstate(all="ignore"):
            np.sqrt(root, out=root)
            np.divide(root, self.compute_coverage(like=x), out=d)
            np.copyto(d, self.thresval, where=self._is_below_threshold(d))
            np.divide(x, d[..., None, :, :], out=y)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.grad_input_of(x)
        maps = (*x.shape[:-3], *x.shape[-2:])
        d, root = self.buffer("d", maps, like=dx), self.buffer("root", maps, like=dx)
        ds = self.buffer("ds", maps, like=dx)
        np.multiply(dy, x, out=dx)
        np.sum(dx, axis=-3, out=ds)
        with np.errstate(all="ignore"):
            np.divide(ds, d, out=ds)
            np.divide(ds, d, out=ds)
            np.divide(ds, self.compute_coverage(like=dx), out=ds)
            np.divide(ds, root, out=ds)
            np.copyto(ds, 0, where=self.buffer("small", maps, like=dx, dtype=np.bool_))
            # The factors 2 and 1/2 cancel.
            adjoint = self.compute_mean_adjoint(ds, "channels")
            term = self.buffer("x term", x.shape, like=dx)
            np.multiply(x, adjoint[..., None, :, :], out=term)
            np.divide(dy, d[..., None, :, :], out=dx)
        np.subtract(dx, term, out=dx)
        return dx

    def _is_below_threshold(self, s: Array) -> Array:
        """Where s is at most the threshold, or NaN."""
        small = self.buffer("small", s.shape, like=s, dtype=np.bool_)
        np.greater(s, self.threshold, out=small)
        return np.logical_not(small, out=small)
