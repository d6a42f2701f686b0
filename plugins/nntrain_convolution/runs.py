"""The layout in which the windows of a block of samples are copied in long runs of memory."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal

import numpy as np

from nntrain.nn.array import Array, Shape
from nntrain.nn.windows import Windows, last_axes, unfold

__all__ = ["WASTE", "Layout", "Runs", "Scratch", "evenly", "fitting", "runs_of", "waste"]

# Memory by name, shape and neighbour: what ``Component.buffer`` gives.
Scratch = Callable[[str, Shape, Array], Array]

# The windows of a block take BLOCK bytes: less, and Python's part of the work shows; more, and they leave the caches.
# Where fewer than PLACES windows fit, the product would wait for its weights: there they take up to LARGEST bytes.
# This is for each thread, and whatever the batch; one row of windows is taken at least.
BLOCK, LARGEST = 2 << 20, 4 << 20
PLACES = 128

# How many times as many windows the wide layout may have.
WASTE = 1.2

Layout = Literal["wide", "last", "tight"]


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
        self.deal = Windows(windows.stride, windows.stride, windows.padding)
        self.image = image_of(windows, counts)
        self.last = layout == "last"
        self.tight = layout == "tight"
        # The windows of a row, beyond the first axis.
        self.row = self.image[1:] if layout == "wide" else counts[1:]
        self.length = math.prod(windows.stride) * math.prod(self.image)
        self.taps: list[tuple[Shape, Shape]] = []
        for tap in itertools.product(*map(range, windows.kernel)):
            steps = [u * d for u, d in zip(tap, windows.dilation, strict=True)]
            divided = [divmod(step, s) for step, s in zip(steps, windows.stride, strict=True)]
            self.taps.append((tuple(a for _, a in divided), tuple(i for i, _ in divided)))
        sizes = (*windows.stride, *self.image)
        self.offsets = [int(np.ravel_multi_index((*phase, *shift), sizes)) for phase, shift in self.taps]
        self.slack = max(self.offsets) + 1

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
            return to_front(flat.reshape(len(flat), -1, *self.row, samples))
        wide = flat.reshape(len(flat), samples, -1, *self.row)
        return wide[last_axes(*map(slice, self.counts[1:]))].swapaxes(0, 1)

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
        unfold(x.swapaxes(0, 1), self.deal, self._dealt(images, x))
        images[-self.slack :] = 0
        return images

    def room(self, x: Array, scratch: Scratch) -> Array:
        """Memory for ``images``."""
        return scratch("images", (x.shape[0] * x.shape[1] * self.length + self.slack,), x)

    def collect(self, images: Array, x: Array) -> None:
        """x ← what the images hold of it."""
        dealt, planes = self._dealt(images, x), x.swapaxes(0, 1)
        reached = self.deal.covered(self.image)
        if any(n < size for n, size in zip(reached, x.shape[2:], strict=True)):
            x[...] = 0
        # The deal has no overlaps: to add every place to 0, as ``fold`` does, is to copy it.
        for tap, inside, met in self.deal.taps(x.shape[2:], self.image):
            np.copyto(planes[last_axes(*met)], dealt[last_axes(*tap, *inside)])

    def _dealt(self, images: Array, x: Array) -> Array:
        """Images as (C, N, *stride, *image), a view."""
        laid = self._laid(images, x)
        return to_front(laid).swapaxes(0, 1) if self.last else laid

    def _laid(self, images: Array, x: Array) -> Array:
        """Images as they lie: (C, N, *stride, *image), or with the samples last."""
        sizes = (*self.deal.kernel, *self.image)
        shape = (x.shape[1], *sizes, len(x)) if self.last else (x.shape[1], len(x), *sizes)
        return images[: -self.slack].reshape(shape)

    def runs(self, images: Array, x: Array, rows: slice) -> Iterator[Array]:
        """For every tap its runs in the images, a view; the same shape for all taps, planes first."""
        if not self.last and not self.tight:
            length = math.prod(self.row)
            for offset in self.offsets:
                shifted = images[offset : offset + len(images) - self.slack]
                yield shifted.reshape(x.shape[1], len(x), self.length)[:, :, rows.start * length : rows.stop * length]
            return
        laid, lead = self._laid(images, x), [slice(None)] * (1 if self.last else 2)
        for phase, (first, *others) in self.taps:
            row = [slice(i, i + n) for i, n in zip(others, self.row, strict=True)]
            index: tuple[int | slice, ...] = (*lead, *phase, slice(first + rows.start, first + rows.stop), *row)
            yield laid[index]

    def copy(self, images: Array, x: Array, rows: slice, columns: Array) -> None:
        """``columns`` (taps, planes, places) ← the windows of a piece."""
        for column, run in zip(columns, self.runs(images, x, rows), strict=True):
            # The places of a column are one after another: the view has its memory.
            np.copyto(column.reshape(run.shape), run)

    def add(self, columns: Array, x: Array, rows: slice, images: Array) -> None:
        """The adjoint of ``copy``: every window is added to where it came from."""
        for column, run in zip(columns, self.runs(images, x, rows), strict=True):
            np.add(run, column.reshape(run.shape), out=run)


def fitting(size: int, place: int) -> int:
    """How many samples (or rows) of ``size`` places fit a block, if the windows of a place take ``place`` bytes."""
    least = min(-(-PLACES // size), LARGEST // (size * place))
    return max(BLOCK // (size * place), least, 1)


def evenly(whole: range, most: int) -> Iterator[slice]:
    """``whole`` in slices of nearly the same length, of at most ``most``."""
    parts = -(-len(whole) // most)
    bounds = [whole.start + len(whole) * part // parts for part in range(parts + 1)] if parts else []
    return itertools.starmap(slice, itertools.pairwise(bounds))


def to_front(array: Array) -> Array:
    """The last axis moved to the front, a view: what np.moveaxis gives, in a tenth of its time."""
    return array.transpose(array.ndim - 1, *range(array.ndim - 1))


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
