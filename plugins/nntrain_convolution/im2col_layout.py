"""The layout in which the windows of a block of samples are copied in long runs of memory."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.storage_location import view_storage
from nntrain.compute.windows import Windows, index_last_axes
from nntrain_convolution.stride_phases import ScratchAllocator, StridePhases

__all__ = ["MAX_WASTE", "Im2colLayout", "LayoutKind", "compute_waste", "count_fitting", "create_layout", "split_evenly"]

# The windows of a block take BLOCK bytes: less, and Python's part of the work shows; more, and they leave the caches.
# Where fewer than PLACES windows fit, the product would wait for its weights: there they take up to LARGEST bytes.
# This is for each thread, and whatever the batch; one row of windows is taken at least.
BLOCK_SIZE, MAX_BLOCK_SIZE = 2 << 20, 4 << 20
MIN_PLACES = 128

# How many times as many windows the wide layout may have.
MAX_WASTE = 1.2

LayoutKind = Literal["wide", "last", "tight"]


class TapRange(NamedTuple):
    """Taps of one axis that follow one another by the same step."""

    taps: slice
    phase: int
    shift: int
    phase_step: int
    shift_step: int


class Im2colLayout:
    """Where the taps of windows lie when x is laid out so that a tap is one run of memory, window after window.

    With stride s the padded x is dealt into s images, place i · s + a into image a (of each axis). What one offset of
    the kernel meets, window after window, are then neighbours in one image. There are three layouts:

    wide: a plane of a sample is one run. The next row of windows begins a row of the image further on, so what lies
    between the end of one row and the begin of the next is copied too, multiplied, and never read.
    last: the samples of a block are the last axis, and a row of windows of all of them is a run.
    tight: a row of windows of one sample is a run, and the places of a product are those of y.
    """

    def __init__(self, windows: Windows, counts: Shape, layout: LayoutKind) -> None:
        self.counts = counts
        self.image = get_image_sizes(windows, counts)
        self.last = layout == "last"
        self.tight = layout == "tight"
        self.deal = StridePhases(windows.stride, windows.padding, self.last)
        # The windows of a row, beyond the first axis.
        self.row = self.image[1:] if layout == "wide" else counts[1:]
        self.kernel = windows.kernel
        self.length = math.prod(self.image)
        # How far it is to the next image, and to the next place in one, along each axis.
        axes = range(len(counts))
        self.to_phase = [math.prod(windows.stride[:axis]) for axis in axes]
        self.to_place = [math.prod(self.image[axis + 1 :]) for axis in axes]
        # What is read in one go, and what may be added to in one go because no two of its taps meet.
        per_axis = list(zip(windows.kernel, windows.dilation, windows.stride, strict=True))
        self.boxes = list(itertools.product(*(split_taps(*axis) for axis in per_axis)))
        self.apart = list(itertools.product(*(split_taps(*axis, apart=True) for axis in per_axis)))
        # How far the last run of the wide layout reaches beyond the images.
        self.slack = (
            0 if self.last else sum((i - n) * to for i, n, to in zip(self.image, counts, self.to_place, strict=True))
        )

    # Blocks

    def iterate_blocks(self, samples: range, place: int) -> Iterator[tuple[slice, list[slice]]]:
        """Blocks of samples, each with its rows of windows in pieces; the windows of a place take ``place`` bytes."""
        row = math.prod(self.row)
        step = count_fitting(self.counts[0] * row, place)
        rows = count_fitting(row, place) if step == 1 else self.counts[0]
        pieces = list(split_evenly(range(self.counts[0]), rows))
        for block in split_evenly(samples, step):
            yield block, pieces

    def count_places(self, samples: int, rows: slice) -> int:
        """The windows of a piece, with those in vain."""
        return samples * (rows.stop - rows.start) * math.prod(self.row)

    def crop(self, flat: Array, samples: int) -> Array:
        """A piece (O, places) as (N, O, *counts), a view without the windows in vain."""
        if self.last:
            laid = flat.reshape(len(flat), -1, *self.row, samples)
            return laid.transpose(laid.ndim - 1, *range(laid.ndim - 1))
        wide = flat.reshape(len(flat), samples, -1, *self.row)
        return wide[index_last_axes(*map(slice, self.counts[1:]))].swapaxes(0, 1)

    def fill(self, dy: Array, flat: Array) -> Array:
        """``flat`` (O, places) ← a piece (N, O, *counts), with 0 for the windows in vain."""
        if self.row != self.counts[1:]:
            flat[...] = 0
        np.copyto(self.crop(flat, len(dy)), dy)
        return flat

    # Images and windows

    def create_images(self, x: Array, scratch: ScratchAllocator) -> Array:
        """A block (N, C, *sizes) of x, dealt into images; behind them some 0, which the last run reads."""
        images = self.allocate_images(x, scratch)
        self.deal.split(x, self._view_images(images, x), scratch)
        images[len(images) - self.slack :] = 0
        return images

    def allocate_images(self, x: Array, scratch: ScratchAllocator) -> Array:
        """Memory for ``images``."""
        return scratch("images", (math.prod(self.deal.get_shape(x, self.image)) + self.slack,), x)

    def merge_images(self, images: Array, x: Array, scratch: ScratchAllocator) -> None:
        """x ← what the images hold of it."""
        self.deal.merge(self._view_images(images, x), x, scratch)

    def _view_images(self, images: Array, x: Array) -> Array:
        """The images in their shape."""
        return images[: len(images) - self.slack].reshape(self.deal.get_shape(x, self.image))

    def unfold(self, images: Array, x: Array, rows: slice, columns: Array) -> None:
        """``columns`` (*kernel, planes, places) ← the windows of a piece."""
        for column, run in self._iterate_pairs(self.boxes, images, x, rows, columns):
            np.copyto(column, run)

    def fold(self, columns: Array, x: Array, rows: slice, images: Array) -> None:
        """The adjoint of ``copy``: every window is added to where it came from."""
        for column, run in self._iterate_pairs(self.apart, images, x, rows, columns):
            np.add(run, column, out=run)

    def _iterate_pairs(
        self, boxes: list[tuple[TapRange, ...]], images: Array, x: Array, rows: slice, columns: Array
    ) -> Iterator[tuple[Array, Array]]:
        """For every box of taps their columns and their runs in the images: views."""
        samples, planes = x.shape[:2]
        count = rows.stop - rows.start
        if self.last:
            shape = (planes, count, *self.row, samples)
            unit = samples
            strides = (self.length * unit, *(to * unit for to in self.to_place), 1)
        else:
            unit = 1
            wide = (count * math.prod(self.row),), (1,)
            shape, strides = ((count, *self.row), tuple(self.to_place)) if self.tight else wide
            shape, strides = (planes, samples, *shape), (samples * self.length, self.length, *strides)
        whole = samples * planes * self.length
        columns = columns.reshape(*self.kernel, *shape)
        for box in boxes:
            start, steps = rows.start * self.to_place[0] * unit, []
            for stretch, to_phase, to_place in zip(box, self.to_phase, self.to_place, strict=True):
                start += stretch.phase * to_phase * whole + stretch.shift * to_place * unit
                steps.append(stretch.phase_step * to_phase * whole + stretch.shift_step * to_place * unit)
            column = columns[tuple(stretch.taps for stretch in box)]
            yield column, view_storage(images, start, column.shape, (*steps, *strides))


def split_taps(kernel: int, dilation: int, stride: int, *, apart: bool = False) -> Iterator[TapRange]:
    """The taps of an axis in stretches; ``apart``: those of a stretch are in different images, at the same place."""
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
    """How many samples (or rows) of ``size`` places fit a block, if the windows of a place take ``place`` bytes."""
    least = min(-(-MIN_PLACES // size), MAX_BLOCK_SIZE // (size * place))
    return max(BLOCK_SIZE // (size * place), least, 1)


def split_evenly(whole: range, most: int) -> Iterator[slice]:
    """``whole`` in slices of nearly the same length, of at most ``most``."""
    parts = -(-len(whole) // most)
    bounds = [whole.start + len(whole) * part // parts for part in range(parts + 1)] if parts else []
    return itertools.starmap(slice, itertools.pairwise(bounds))


def get_image_sizes(windows: Windows, counts: Shape) -> Shape:
    """The sizes of an image: what the windows meet, dealt by the stride."""
    reach = [(k - 1) * d for k, d in zip(windows.kernel, windows.dilation, strict=True)]
    return tuple(n + r // s for n, r, s in zip(counts, reach, windows.stride, strict=True))


@cache
def compute_waste(windows: Windows, counts: Shape) -> float:
    """How many times as many windows there are in the wide layout."""
    return math.prod(get_image_sizes(windows, counts)[1:]) / math.prod(counts[1:])


@cache
def create_layout(windows: Windows, counts: Shape, layout: LayoutKind) -> Im2colLayout:
    """The runs of that many windows."""
    return Im2colLayout(windows, counts, layout)
