"""The layout of a block of samples in which windows are copied as long runs of memory."""

import itertools
import math
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.storage_location import view_storage
from nntrain.compute.windows import Windows, index_last_axes
from nntrain_convolution.stride_phases import Allocator, StridePhases

# The windows of a block take BLOCK_SIZE bytes: with less, the overhead of Python shows; with more, they leave the
# caches. Where fewer than MIN_PLACES windows fit, the product would wait for its weights, and they use up to
# MAX_BLOCK_SIZE bytes. This holds per thread and for any batch size; a block has at least one row of windows.
BLOCK_SIZE, MAX_BLOCK_SIZE = 2 << 20, 4 << 20
MIN_PLACES = 128

# Maximum ratio of copied to needed windows in the wide layout.
MAX_WASTE = 1.2

LayoutKind = Literal["wide", "last", "tight"]


class TapRange(NamedTuple):
    """Consecutive taps of one axis with the same step between them."""

    taps: slice
    phase: int
    shift: int
    phase_step: int
    shift_step: int


class Im2colLayout:
    """A layout of x in which the elements at one tap of consecutive windows are one run of memory.

    With stride s, the padded x is split into s images per axis, position i · s + a into image a. The elements at one
    tap of consecutive windows are then neighbors in one image. There are three layouts:

    wide: a channel of a sample is one run. The next row of windows starts one image row further, so the elements
    between the rows are also copied and multiplied, but never read.
    last: the samples of a block are the last axis, and a row of windows of all of them is a run.
    tight: a row of windows of one sample is a run, and the positions of a product are those of y.
    """

    def __init__(self, windows: Windows, counts: Shape, layout: LayoutKind) -> None:
        self.counts = counts
        self.image = get_image_sizes(windows, counts)
        self.last = layout == "last"
        self.tight = layout == "tight"
        self.deal = StridePhases(windows.stride, windows.padding, self.last)
        # The sizes of a row of windows, without the first axis.
        self.row = self.image[1:] if layout == "wide" else counts[1:]
        self.kernel = windows.kernel
        self.length = math.prod(self.image)
        # The distance to the next image, and to the next position in an image, along each axis.
        axes = range(len(counts))
        self.to_phase = [math.prod(windows.stride[:axis]) for axis in axes]
        self.to_place = [math.prod(self.image[axis + 1 :]) for axis in axes]
        # The boxes of taps that are read at once, and those that are added to at once because no two taps overlap.
        per_axis = list(zip(windows.kernel, windows.dilation, windows.stride, strict=True))
        self.boxes = list(itertools.product(*(split_taps(*axis) for axis in per_axis)))
        self.apart = list(itertools.product(*(split_taps(*axis, apart=True) for axis in per_axis)))
        # The number of elements by which the last run of the wide layout exceeds the images.
        rows = zip(self.image, counts, self.to_place, strict=True)
        self.slack = 0 if self.last else sum((i - n) * to for i, n, to in rows)

    # Blocks

    def iterate_blocks(self, samples: range, place: int) -> Iterator[tuple[slice, list[slice]]]:
        """Blocks of samples, each with its rows of windows in pieces; one window takes ``place`` bytes."""
        row = math.prod(self.row)
        step = count_fitting(self.counts[0] * row, place)
        rows = count_fitting(row, place) if step == 1 else self.counts[0]
        pieces = list(split_evenly(range(self.counts[0]), rows))
        for block in split_evenly(samples, step):
            yield block, pieces

    def count_places(self, samples: int, rows: slice) -> int:
        """The number of windows of a piece, including unused ones."""
        return samples * (rows.stop - rows.start) * math.prod(self.row)

    def crop(self, flat: Array, samples: int) -> Array:
        """A piece (O, positions) as (N, O, *counts), a view without the unused windows."""
        if self.last:
            last = flat.reshape(len(flat), -1, *self.row, samples)
            return last.transpose(last.ndim - 1, *range(last.ndim - 1))
        wide = flat.reshape(len(flat), samples, -1, *self.row)
        return wide[index_last_axes(*map(slice, self.counts[1:]))].swapaxes(0, 1)

    def fill(self, dy: Array, flat: Array) -> Array:
        """``flat`` (O, positions) ← a piece (N, O, *counts), with 0 for the unused windows."""
        if self.row != self.counts[1:]:
            flat[...] = 0
        np.copyto(self.crop(flat, len(dy)), dy)
        return flat

    # Images and windows

    def create_images(self, x: Array, scratch: Allocator) -> Array:
        """A block (N, C, *sizes) of x, split into images, followed by the zeros that the last run reads."""
        images = self.allocate_images(x, scratch)
        self.deal.split(x, self._view_images(images, x), scratch)
        images[len(images) - self.slack :] = 0
        return images

    def allocate_images(self, x: Array, scratch: Allocator) -> Array:
        """Memory for the images."""
        return scratch("images", (math.prod(self.deal.get_shape(x, self.image)) + self.slack,), x)

    def merge_images(self, images: Array, x: Array, scratch: Allocator) -> None:
        """x ← the elements of the images."""
        self.deal.merge(self._view_images(images, x), x, scratch)

    def _view_images(self, images: Array, x: Array) -> Array:
        """The images in their shape."""
        return images[: len(images) - self.slack].reshape(self.deal.get_shape(x, self.image))

    def unfold(self, images: Array, x: Array, rows: slice, columns: Array) -> None:
        """``columns`` (*kernel, channels, positions) ← the windows of a piece."""
        for column, run in self._iterate_pairs(self.boxes, images, x, rows, columns):
            np.copyto(column, run)

    def fold(self, columns: Array, x: Array, rows: slice, images: Array) -> None:
        """The adjoint of ``unfold``: every window is added at its position."""
        for column, run in self._iterate_pairs(self.apart, images, x, rows, columns):
            np.add(run, column, out=run)

    def _iterate_pairs(
        self, boxes: list[tuple[TapRange, ...]], images: Array, x: Array, rows: slice, columns: Array
    ) -> Iterator[tuple[Array, Array]]:
        """Yield the columns and the runs in the images for every box of taps, as views."""
        samples, channels = x.shape[:2]
        count = rows.stop - rows.start
        if self.last:
            shape = (channels, count, *self.row, samples)
            unit = samples
            strides = (self.length * unit, *(to * unit for to in self.to_place), 1)
        else:
            unit = 1
            wide = (count * math.prod(self.row),), (1,)
            shape, strides = ((count, *self.row), tuple(self.to_place)) if self.tight else wide
            shape, strides = (channels, samples, *shape), (samples * self.length, self.length, *strides)
        whole = samples * channels * self.length
        columns = columns.reshape(*self.kernel, *shape)
        for box in boxes:
            start, steps = rows.start * self.to_place[0] * unit, []
            for taps, to_phase, to_place in zip(box, self.to_phase, self.to_place, strict=True):
                start += taps.phase * to_phase * whole + taps.shift * to_place * unit
                steps.append(taps.phase_step * to_phase * whole + taps.shift_step * to_place * unit)
            column = columns[tuple(taps.taps for taps in box)]
            yield column, view_storage(images, start, column.shape, (*steps, *strides))


def split_taps(kernel: int, dilation: int, stride: int, *, apart: bool = False) -> Iterator[TapRange]:
    """Split the taps of an axis into ranges; ``apart``: those of a range are at one position of different images."""
    places = [divmod(u * dilation, stride) for u in range(kernel)]
    steps = [(b - a, j - i) for (i, a), (j, b) in itertools.pairwise(places)]
    start = 0
    while start < kernel:
        step = steps[start] if start < len(steps) else (0, 0)
        stop = start + 1
        if not apart or (step[0] != 0 and step[1] == 0):
            while stop < kernel and steps[stop - 1] == step:
                stop += 1
        shift, phase = places[start]
        yield TapRange(slice(start, stop), phase, shift, *step)
        start = stop


def count_fitting(size: int, place: int) -> int:
    """The number of samples (or rows) of ``size`` windows of ``place`` bytes that fit into a block."""
    least = min(-(-MIN_PLACES // size), MAX_BLOCK_SIZE // (size * place))
    return max(BLOCK_SIZE // (size * place), least, 1)


def split_evenly(whole: range, most: int) -> Iterator[slice]:
    """Split a range into slices of nearly equal length, at most ``most``."""
    parts = -(-len(whole) // most)
    bounds = [whole.start + len(whole) * part // parts for part in range(parts + 1)] if parts else []
    return itertools.starmap(slice, itertools.pairwise(bounds))


def get_image_sizes(windows: Windows, counts: Shape) -> Shape:
    """The sizes of an image: the extent of the windows, divided by the stride."""
    reach = [(k - 1) * d for k, d in zip(windows.kernel, windows.dilation, strict=True)]
    return tuple(n + r // s for n, r, s in zip(counts, reach, windows.stride, strict=True))


@cache
def compute_waste(windows: Windows, counts: Shape) -> float:
    """The ratio of copied to needed windows in the wide layout, cached."""
    return math.prod(get_image_sizes(windows, counts)[1:]) / math.prod(counts[1:])


# The layout for given windows and their numbers, cached.
create_layout = cache(Im2colLayout)
