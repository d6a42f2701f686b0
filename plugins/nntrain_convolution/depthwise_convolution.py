"""The products of a depthwise convolution with stride 1."""

import math
from functools import cache

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.matmul import multiply
from nntrain.compute.storage_location import view_storage
from nntrain.compute.windows import Windows, unfold
from nntrain_convolution.im2col_convolution import Im2colConvolution
from nntrain_convolution.im2col_layout import MAX_BLOCK_SIZE, create_layout, split_evenly
from nntrain_convolution.stride_phases import Allocator


class DepthwiseConvolution(Im2colConvolution):
    """y[n, c] = b[c] + W[c] · columns[n, c], with columns (taps, run) the windows of one channel of one sample.

    A run goes from the first position of y to the last, including the rest of each row of x: x need not be transposed
    to have its channels first, and without padding the windows are read from x itself. The adjoint in x is im2col's.
    """

    def __init__(self, windows: Windows, counts: Shape) -> None:
        super().__init__(create_layout(windows, counts, "wide"))
        self.kernel = windows.kernel
        axes = len(counts)
        self.image = tuple(n + s - 1 for n, s in zip(counts, windows.span, strict=True))
        self.to_place = tuple(math.prod(self.image[axis + 1 :]) for axis in range(axes))
        self.to_tap = tuple(d * to for d, to in zip(windows.dilation, self.to_place, strict=True))
        self.run = 1 + sum((n - 1) * to for n, to in zip(counts, self.to_place, strict=True))
        self.places = Windows((1,) * axes, padding=windows.padding)

    def correlate(self, x: Array, W: Array, b: Array | None, y: Array, samples: range, scratch: Allocator) -> None:
        """y ← b + W ⋆ x for some samples, W from ``pack_weights``."""
        channels, outputs, taps = W.shape
        for block in self._split_blocks(samples, channels * max(taps, outputs) * x.itemsize):
            windows = self._view_windows(x[block], scratch)
            columns = scratch("columns", (len(windows), channels, taps, self.run), x)
            np.copyto(columns.reshape(windows.shape), windows)
            flat = scratch("flat", (len(windows), channels, outputs, self.run), x)
            multiply(W, columns, flat)
            if b is not None:  # in y it would be added row by row
                np.add(flat, b.reshape(channels, outputs, 1), out=flat)
            np.copyto(y[block], self._view_as_output(flat, y[block]))

    def compute_gradient(self, x: Array, dy: Array, W: Array, samples: range, scratch: Allocator) -> Array:
        """dW of some samples, in the form of ``pack_weights``, as W is."""
        channels, outputs, _ = W.shape
        total = scratch("total", W.shape, dy)
        total[...] = 0
        for block in self._split_blocks(samples, channels * outputs * dy.itemsize):
            windows = self._view_windows(x[block], scratch)
            flat = scratch("flat", (len(windows), channels, outputs, self.run), dy)
            flat[...] = 0
            np.copyto(self._view_as_output(flat, dy[block]), dy[block])
            dots = scratch("dots", (len(windows), channels, outputs, *self.kernel), dy)
            gradients = flat.reshape(*flat.shape[:3], *(1,) * len(self.kernel), self.run)
            np.vecdot(windows[:, :, None], gradients, out=dots)
            term = np.sum(dots.reshape(len(windows), *W.shape), axis=0, out=scratch("term", W.shape, dy))
            np.add(total, term, out=total)
        return total

    def _split_blocks(self, samples: range, place: int) -> list[slice]:
        """Samples in blocks; each position of a run takes ``place`` bytes."""
        return list(split_evenly(samples, max(MAX_BLOCK_SIZE // (self.run * place), 1)))

    def _view_windows(self, x: Array, scratch: Allocator) -> Array:
        """The windows of a block, (N, C, *kernel, run), a view of x or of x with its padding."""
        if any(self.places.padding) or not x.flags.c_contiguous:
            images = scratch("images", (*x.shape[:2], *self.places.kernel, *self.image), x)
            x = unfold(x, self.places, images)
        length = math.prod(self.image)
        n, c = x.shape[:2]
        return view_storage(x.reshape(-1), 0, (n, c, *self.kernel, self.run), (c * length, length, *self.to_tap, 1))

    def _view_as_output(self, flat: Array, y: Array) -> Array:
        """Runs (N, C, outputs, run) as y (N, C · outputs, *counts), a view."""
        return view_storage(flat.reshape(-1), 0, y.shape, (y.shape[1] * self.run, self.run, *self.to_place))


# The method for given windows and their numbers, cached.
create_depthwise = cache(DepthwiseConvolution)
