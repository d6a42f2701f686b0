"""y = the k largest values of each feature, in the order of time."""

from math import ceil

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.nn.bases.sample_module import SampleModule


class TemporalDynamicKMaxPooling(SampleModule):
    """y = the k largest values of each feature, in the order of time, k = max(min_k, ⌈factor T⌉);  dx = dy there.

    Each feature is independent, so a row of y may mix frames; among equal values the earlier is chosen. ``indices``
    are the frame numbers.

    Shapes:
        x (T, F) or (N, T, F) → y (..., k, F)
    Errors: ShapeError for fewer than k frames; ArgumentError for min_k below 1 or a negative factor.
    Source: torch/nn, TemporalDynamicKMaxPooling.lua; Kalchbrenner et al., "A Convolutional Neural Network for
    Modelling Sentences", 2014.
    """

    sample_axes = ("T", "F")

    def __init__(self, min_k: int, factor: float = 0) -> None:
        self.min_k = self.require_integer("min_k", min_k)
        if factor < 0:
            raise self.argument_error(f"expected a factor of at least 0, got {factor}")
        self.factor = factor

    @property
    def indices(self) -> IntArray:
        """The frame numbers of the last y, in its shape."""
        return self._get_chosen(self.output)

    def update_output(self, x: Array) -> Array:
        x = self.require_samples(x, minimum={"T": self.min_k})
        k = max(self.min_k, ceil(self.factor * x.shape[-2]))
        if x.shape[-2] < k:
            raise self.shape_error(f"at least {k} frames ({self.factor} of all)", x)
        y = self.output_of((*x.shape[:-2], k, x.shape[-1]), like=x)
        chosen = self._get_chosen(y)
        for sample in np.ndindex(x.shape[:-2]):
            chosen[sample] = np.sort(np.argsort(-x[sample], axis=0, kind="stable")[:k], axis=0)
            y[sample] = np.take_along_axis(x[sample], chosen[sample], axis=0)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        dx = self.zero_grad_input_of(x)
        chosen = self._get_chosen(dy)
        for sample in np.ndindex(x.shape[:-2]):
            np.put_along_axis(dx[sample], chosen[sample], dy[sample], axis=0)
        return dx

    def _get_chosen(self, y: Array) -> IntArray:
        """Memory for the frame numbers."""
        return self.buffer("chosen", y.shape, like=y, dtype=np.int64)
