"""The base of normalizations by a weighted mean around each pixel."""

from collections.abc import Sequence

import numpy as np

from nntrain.compute.allocation_budget import reserve_elements
from nntrain.compute.array import Array
from nntrain.compute.windows import Windows, index_last_axes
from nntrain.nn.bases.sample_module import SampleModule

KernelValues = Sequence[float] | Sequence[Sequence[float]] | Array


class LocalMean(SampleModule):
    """m[i, j] = Σ K[u, v] x[c, i + u − kh//2, j + v − kw//2] over all channels and the kernel, x zero outside.

    K is the kernel divided by n_input_plane and its sum; a kernel of one axis is applied along both.
    ``compute_coverage`` is m of an image of ones: less than 1 near the border.
    """

    kernel: Array

    def init_kernel(self, n_input_plane: int, kernel: KernelValues | None) -> None:
        """Store K and its separable factors. ArgumentError for even sizes, and sums of 0."""
        self.n_input_plane = self.require_integer("n_input_plane", n_input_plane)
        given = np.ones(9) if kernel is None else np.array(kernel, np.float64)
        if given.ndim not in (1, 2) or any(size % 2 == 0 for size in given.shape) or not given.sum():
            raise self.argument_error(
                f"expected a kernel of one or two axes of odd size, with a nonzero sum, got the shape {given.shape}"
            )
        reserve_elements(*given.shape, *given.shape[given.ndim - 1 :] * (2 - given.ndim))
        total = given.sum()
        rows = [given] if given.ndim == 2 else [given[:, None] / total, given / total]
        self.factors = [np.atleast_2d(factor) for factor in rows]
        self.factors[0] /= self.n_input_plane * (total if given.ndim == 2 else 1)
        self.kernel = self.factors[0] if given.ndim == 2 else self.factors[0] * self.factors[1]

    def to_images(self, x: Array) -> Array:
        """x as floating-point numbers. ShapeError for other channels or axes."""
        return self.require_samples(x, exact={"C": self.n_input_plane})

    def compute_mean(self, x: Array, name: str) -> Array:
        """m (..., h, w) in memory ``name``."""
        m = self.buffer("channels", (*x.shape[:-3], *x.shape[-2:]), like=x)
        np.sum(x, axis=-3, out=m)
        return self._filter(m, name, adjoint=False)

    def compute_mean_adjoint(self, dm: Array, name: str) -> Array:
        """dx of every channel, (..., h, w), in memory ``name``: the adjoint of ``compute_mean``."""
        return self._filter(dm, name, adjoint=True)

    def compute_coverage(self, like: Array) -> Array:
        """m of an image of ones (h, w), with 1 in place of 0."""
        ones = self.buffer("ones", like.shape[-2:], like=like)
        ones[...] = self.n_input_plane
        covered = self._filter(ones, "covered", adjoint=False)
        covered[covered == 0] = 1
        return covered

    def _filter(self, x: Array, name: str, adjoint: bool) -> Array:
        """x (..., h, w) filtered by the factors of K in turn."""
        for index, factor in enumerate(self.factors):
            last = index == len(self.factors) - 1
            y = self.buffer(name if last else "between", x.shape, like=x)
            self._correlate(x, factor, y, adjoint)
            x = y
        return x

    def _correlate(self, x: Array, kernel: Array, out: Array, adjoint: bool) -> None:
        """out ← the correlation of x with a kernel, or its adjoint."""
        windows = Windows(kernel.shape, padding=tuple(size // 2 for size in kernel.shape))
        out[...] = 0
        for tap, inside, positions in windows.iterate_taps(x.shape[-2:], x.shape[-2:]):
            to, origin = (positions, inside) if adjoint else (inside, positions)
            source, total = x[index_last_axes(*origin)], out[index_last_axes(*to)]
            term = self.buffer("term", source.shape, like=x)
            np.multiply(source, float(kernel[tap]), out=term)
            np.add(total, term, out=total)
