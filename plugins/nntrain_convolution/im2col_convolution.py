"""The products of a convolution by im2col: one matrix product of W and the windows of x for a block of samples."""

import math
from functools import cache

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.matmul import multiply
from nntrain.compute.windows import Windows
from nntrain_convolution.im2col_layout import Im2colLayout, LayoutKind, create_layout
from nntrain_convolution.stride_phases import Allocator


class Im2colConvolution:
    """y = b + W · columns for each group of channels, with columns (channels · taps, positions) the windows of x."""

    def __init__(self, runs: Im2colLayout) -> None:
        self.runs = runs

    def pack_weights(self, W: Array, scratch: Allocator) -> Array:
        """W (G, O, C, *kernel) as rows (G, O, C · taps), copied unless W is contiguous."""
        if not W.flags.c_contiguous:
            rows = scratch("rows", W.shape, W)
            np.copyto(rows, W)
            W = rows
        return W.reshape(*W.shape[:2], -1)

    def unpack_weights(self, rows: Array, W: Array) -> None:
        """W ← rows: the inverse of ``pack_weights``."""
        np.copyto(W, rows.reshape(W.shape))

    def correlate(self, x: Array, W: Array, b: Array | None, y: Array, samples: range, scratch: Allocator) -> None:
        """y ← b + W ⋆ x for some samples, W from ``pack_weights``."""
        bias = None if b is None else b.reshape(*W.shape[:2], 1)
        for block, pieces in self.runs.iterate_blocks(samples, len(W) * W.shape[2] * x.itemsize):
            images = self.runs.create_images(x[block], scratch)
            for rows in pieces:
                columns = self._unfold(images, x[block], rows, len(W), scratch)
                part = y[block][:, :, rows]
                if self._is_contiguous(part):
                    split = columns.reshape(*columns.shape[:2], len(part), -1).transpose(2, 0, 1, 3)
                    product = part.reshape(len(part), *W.shape[:2], -1)
                    add_bias(multiply(W, split, product), bias)
                else:
                    product = scratch("flat", (*W.shape[:2], columns.shape[2]), y)
                    add_bias(multiply(W, columns, product), bias)
                    np.copyto(part, self.runs.crop(product.reshape(y.shape[1], -1), len(part)))

    def _is_contiguous(self, y: Array) -> bool:
        """Whether a channel of a sample in y is contiguous and in the order of the columns."""
        return self.runs.tight and y.strides[1] == y[0, 0].nbytes and y[0, 0].flags.c_contiguous

    def correlate_adjoint(self, dy: Array, W: Array, dx: Array, samples: range, scratch: Allocator) -> None:
        """dx ← Wᵀ ⋆ dy for some samples: every window is added at its position in x."""
        groups, _, height = W.shape
        for block, pieces in self.runs.iterate_blocks(samples, groups * height * dx.itemsize):
            images = self.runs.allocate_images(dx[block], scratch)
            images[...] = 0
            for rows in pieces:
                part = dy[block][:, :, rows]
                columns = self._allocate_columns(dx[block], rows, groups, scratch)
                if self._is_contiguous(part):
                    split = columns.reshape(groups, height, len(part), -1).transpose(2, 0, 1, 3)
                    multiply(W.swapaxes(1, 2), part.reshape(len(part), *W.shape[:2], -1), split)
                else:
                    multiply(W.swapaxes(1, 2), self._pack_gradient(part, W, scratch, rows), columns)
                self.runs.fold(self._view_by_taps(columns, dx), dx[block], rows, images)
            self.runs.merge_images(images, dx[block], scratch)

    def compute_gradient(self, x: Array, dy: Array, W: Array, samples: range, scratch: Allocator) -> Array:
        """dW of some samples, in the form of ``pack_weights``, as W is."""
        total, term = scratch("total", W.shape, dy), scratch("term", W.shape, dy)
        total[...] = 0
        for block, pieces in self.runs.iterate_blocks(samples, len(W) * W.shape[2] * x.itemsize):
            images = self.runs.create_images(x[block], scratch)
            for rows in pieces:
                columns = self._unfold(images, x[block], rows, len(W), scratch)
                part = dy[block][:, :, rows]
                if self._is_contiguous(part):
                    split = columns.reshape(*columns.shape[:2], len(part), -1).transpose(2, 0, 3, 1)
                    terms = scratch("terms", (len(part), *W.shape), dy)
                    multiply(part.reshape(len(part), *W.shape[:2], -1), split, terms)
                    np.sum(terms, axis=0, out=term)
                else:
                    multiply(self._pack_gradient(part, W, scratch, rows), columns.swapaxes(1, 2), term)
                np.add(total, term, out=total)
        return total

    def _pack_gradient(self, dy: Array, W: Array, scratch: Allocator, rows: slice) -> Array:
        """A piece of dy as (G, O, positions)."""
        flat = scratch("flat", (dy.shape[1], self.runs.count_places(len(dy), rows)), dy)
        return self.runs.fill(dy, flat).reshape(*W.shape[:2], -1)

    def _allocate_columns(self, x: Array, rows: slice, groups: int, scratch: Allocator) -> Array:
        """Memory for the windows of a piece, (G, C · taps, positions)."""
        height = x.shape[1] // groups * math.prod(self.runs.kernel)
        return scratch("columns", (groups, height, self.runs.count_places(len(x), rows)), x)

    def _unfold(self, images: Array, x: Array, rows: slice, groups: int, scratch: Allocator) -> Array:
        """The windows of a piece, (G, C · taps, positions)."""
        columns = self._allocate_columns(x, rows, groups, scratch)
        self.runs.unfold(images, x, rows, self._view_by_taps(columns, x))
        return columns

    def _view_by_taps(self, columns: Array, x: Array) -> Array:
        """Columns as (*kernel, channels, positions), a view."""
        kernel = self.runs.kernel
        return np.moveaxis(columns.reshape(x.shape[1], *kernel, columns.shape[2]), 0, len(kernel))


def add_bias(product: Array, b: Array | None) -> None:
    """product ← product + b, before it is copied to y, where it would be added row by row."""
    if b is not None:
        np.add(product, b, out=product)


@cache
def create_im2col(windows: Windows, counts: Shape, layout: LayoutKind) -> Im2colConvolution:
    """The method for these numbers of windows, cached."""
    return Im2colConvolution(create_layout(windows, counts, layout))
