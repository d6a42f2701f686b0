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
from nntrain_convolution.deal import Deal, Scratch

__all__ = ["WASTE", "Layout", "Runs", "evenly", "fitting", "runs_of", "waste"]

# The windows of a block take BLOCK bytes: less, and Python's part of the work shows; more, and they leave the caches.
# Where fewer than PLACES windows fit, the product would wait for its weights: there they take up to LARGEST bytes.
# This is for each thread, and whatever the batch; one row of windows is taken at least.
BLOCK, LARGEST = 2 << 20, 4 << 20
PLACES = 128

# How many times as many windows the wide layout may have.
WASTE = 1.2

Layout = Literal["wide", "last", "tight"]


class Stretch(NamedTuple):
    """Taps of one axis that follow one another by the same step."""

    taps: slice
    phase: int
    shift: int
    phase_step: int
    shift_step: int


class Runs:
    """Where the taps of windows lie when x is laid out so that a tap is one run of memory, window after window.

    With stride s the padded x is dealt into s images, place i · s + a into image a (of each axis). What one offset of
    the kernel meets, window after window, are then neighbours in one image. There are three layouts:

    wide: a plane of a sample is one run. The next row of windows begins a row of the image further on, so what lies
    between the end of one row and the begin of the next is copied too, multiplied, and never read.
    last: the samples of a block are the last axis, and a row of windows of all of them is a run.
    tight: a row of windows of one sample is a run, and the places of a product are those of y.
    """

    def __init__(self, windows: Windows, counts: Shape, layout: Layout) -> None:
        self.counts = counts
        self.image = image_of(windows, counts)
        self.last = layout == "last"
        self.tight = layout == "tight"
        self.deal = Deal(windows.stride, windows.padding, self.last)
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
        self.boxes = list(itertools.product(*(stretches(*axis) for axis in per_axis)))
        self.apart = list(itertools.product(*(stretches(*axis, apart=True) for axis in per_axis)))
        # How far the last run of the wide layout reaches beyond the images.
        self.slack = (
            0 if self.last else sum((i - n) * to for i, n, to in zip(self.image, counts, self.to_place, strict=True))
        )

    # Blocks

    def blocks(self, samples: range, place: int) -> Iterator[tuple[slice, list[slice]]]:
        """Blocks of samples, each with its rows of windows in pieces; the windows of a place take ``place`` bytes."""
        row = math.prod(self.row)
        step = fitting(self.counts[0] * row, place)
        rows = fitting(row, place) if step == 1 else self.counts[0]
        pieces = list(evenly(range(self.counts[0]), rows))
        for block in evenly(samples, step):
            yield block, pieces

    def places(self, samples: int, rows: slice) -> int:
        """The windows of a piece, with those in vain."""
        return samples * (rows.stop - rows.start) * math.prod(self.row)

    def inside(self, flat: Array, samples: int) -> Array:
        """A piece (O, places) as (N, O, *counts), a view without the windows in vain."""
        if self.last:
            laid = flat.reshape(len(flat), -1, *self.row, samples)
            return laid.transpose(laid.ndim - 1, *range(laid.ndim - 1))
        wide = flat.reshape(len(flat), samples, -1, *self.row)
        return wide[index_last_axes(*map(slice, self.counts[1:]))].swapaxes(0, 1)

    def spread(self, dy: Array, flat: Array) -> Array:
        """``flat`` (O, places) ← a piece (N, O, *counts), with 0 for the windows in vain."""
        if self.row != self.counts[1:]:
            flat[...] = 0
        np.copyto(self.inside(flat, len(dy)), dy)
        return flat

    # Images and windows

    def images(self, x: Array, scratch: Scratch) -> Array:
        """A block (N, C, *sizes) of x, dealt into images; behind them some 0, which the last run reads."""
        images = self.room(x, scratch)
        self.deal.deal(x, self._dealt(images, x), scratch)
        images[len(images) - self.slack :] = 0
        return images

    def room(self, x: Array, scratch: Scratch) -> Array:
        """Memory for ``images``."""
        return scratch("images", (math.prod(self.deal.shape(x, self.image)) + self.slack,), x)

    def collect(self, images: Array, x: Array, scratch: Scratch) -> None:
        """x ← what the images hold of it."""
        self.deal.collect(self._dealt(images, x), x, scratch)

    def _dealt(self, images: Array, x: Array) -> Array:
        """The images in their shape."""
        return images[: len(images) - self.slack].reshape(self.deal.shape(x, self.image))

    def copy(self, images: Array, x: Array, rows: slice, columns: Array) -> None:
        """``columns`` (*kernel, planes, places) ← the windows of a piece."""
        for column, run in self._pairs(self.boxes, images, x, rows, columns):
            np.copyto(column, run)

    def add(self, columns: Array, x: Array, rows: slice, images: Array) -> None:
        """The adjoint of ``copy``: every window is added to where it came from."""
        for column, run in self._pairs(self.apart, images, x, rows, columns):
            np.add(run, column, out=run)

    def _pairs(
        self, boxes: list[tuple[Stretch, ...]], images: Array, x: Array, rows: slice, columns: Array
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


def stretches(kernel: int, dilation: int, stride: int, *, apart: bool = False) -> Iterator[Stretch]:
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
        yield Stretch(slice(start, stop), phase, shift, *step)
        start = stop


def fitting(size: int, place: int) -> int:
    """How many samples (or rows) of ``size`` places fit a block, if the windows of a place take ``place`` bytes."""
    least = min(-(-PLACES // size), LARGEST // (size * place))
    return max(BLOCK // (size * place), least, 1)


def evenly(whole: range, most: int) -> Iterator[slice]:
    """``whole`` in slices of nearly the same length, of at most ``most``."""
    parts = -(-len(whole) // most)
    bounds = [whole.start + len(whole) * part // parts for part in range(parts + 1)] if parts else []
    return itertools.starmap(slice, itertools.pairwise(bounds))


def image_of(windows: Windows, counts: Shape) -> Shape:
    """The sizes of an image: what the windows meet, dealt by the stride."""
    reach = [(k - 1) * d for k, d in zip(windows.kernel, windows.dilation, strict=True)]
    return tuple(n + r // s for n, r, s in zip(counts, reach, windows.stride, strict=True))


@cache
def waste(windows: Windows, counts: Shape) -> float:
    """How many times as many windows there are in the wide layout."""
    return math.prod(image_of(windows, counts)[1:]) / math.prod(counts[1:])


@cache
def runs_of(windows: Windows, counts: Shape, layout: Layout) -> Runs:
    """The runs of that many windows."""
    return Runs(windows, counts, layout)
