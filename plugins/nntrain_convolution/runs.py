"""Convolution as one matrix product for each block of samples, its windows copied in long runs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from nntrain.nn.array import Array, Shape
from nntrain.nn.windows import Windows, fold, unfold

__all__ = ["Runs", "Scratch", "runs_of"]

# Memory by name, shape and neighbour: what ``Component.buffer`` gives.
Scratch = Callable[[str, Shape, Array], Array]

# The bytes that the windows of a block may take: half of a second-level cache of 2 MiB, the rest is for what the
# product reads and writes beside it. One row of windows that alone takes more is taken in pieces.
BLOCK = 1 << 20


@dataclass(frozen=True)
class Runs:
    """Where the taps of a window lie when the places of x are laid out so that every tap is one run of memory.

    With stride s the padded x is dealt into s images, place i · s + a into image a (of each axis). Then the taps
    that one offset of the kernel meets, window after window, are neighbours in one image; a row of windows and the
    next one are ``pitch`` apart there, and so they may stay in the copy: the places between the end of one row of
    windows and the next are computed too and never read. So a tap of all windows is one long copy, not one a row.
    """

    deal: Windows
    counts: Shape
    image: Shape
    offsets: tuple[int, ...]

    @property
    def length(self) -> int:
        """The places of a plane of x, dealt."""
        return math.prod(self.deal.kernel) * math.prod(self.image)

    @property
    def wide(self) -> Shape:
        """The sizes of y with what lies between its rows."""
        return (self.counts[0], *self.image[1:])

    def blocks(self, samples: range, planes: int, itemsize: int) -> Iterator[tuple[slice, list[slice]]]:
        """The samples in blocks, and the places of ``wide`` in pieces, whose windows fit the buffer."""
        places = math.prod(self.wide)
        tap = planes * len(self.offsets) * itemsize
        step = max(BLOCK // (tap * places), 1)
        pieces = -(-places * tap // BLOCK) if step == 1 else 1
        bounds = [places * piece // pieces for piece in range(pieces + 1)]
        for start in range(samples.start, samples.stop, step):
            yield slice(start, min(start + step, samples.stop)), list(itertools.starmap(slice, itertools.pairwise(bounds)))

    def dealt(self, x: Array, scratch: Scratch) -> Array:
        """A block (N, C, *sizes) of x, dealt, as one vector of planes, samples, places."""
        memory = self._images(x, scratch)
        unfold(x.swapaxes(0, 1), self.deal, self._seen(memory, x))
        memory[-max(self.offsets) - 1 :] = 0
        return memory

    def _images(self, x: Array, scratch: Scratch) -> Array:
        """Memory for a dealt block, and at the end for what the last run reads beyond it."""
        return scratch("images", (x.shape[0] * x.shape[1] * self.length + max(self.offsets) + 1,), x)

    def _seen(self, memory: Array, x: Array) -> Array:
        """A dealt block as (C, N, *stride, *image)."""
        planes = memory[: -max(self.offsets) - 1]
        return planes.reshape(x.shape[1], x.shape[0], *self.deal.kernel, *self.image)

    def runs(self, images: Array, x: Array, piece: slice) -> Iterator[Array]:
        """For every tap its run of each plane and sample, (C, N, places), a view of the dealt block."""
        size = len(images) - max(self.offsets) - 1
        for offset in self.offsets:
            shifted = images[offset : offset + size].reshape(x.shape[1], x.shape[0], self.length)
            yield shifted[:, :, piece]

    def columns(self, images: Array, x: Array, piece: slice, scratch: Scratch) -> Array:
        """The windows of a block as a matrix (planes · taps, samples · places)."""
        columns = self.room(x, piece, scratch)
        for tap, run in enumerate(self.runs(images, x, piece)):
            np.copyto(columns[:, tap], run)
        return columns.reshape(x.shape[1] * len(self.offsets), -1)

    def room(self, x: Array, piece: slice, scratch: Scratch) -> Array:
        """Memory for ``columns`` as (planes, taps, samples, places)."""
        shape = (x.shape[1], len(self.offsets), x.shape[0], piece.stop - piece.start)
        return scratch("columns", shape, x)

    def widened(self, dy: Array, scratch: Scratch) -> Array:
        """A block (N, O, *counts) of dy as (O, N, places), with 0 between its rows."""
        wide = scratch("wide", (dy.shape[1], dy.shape[0], *self.wide), dy)
        if self.wide != self.counts:
            wide[...] = 0
        wide[self._inside()] = dy.swapaxes(0, 1)
        return wide.reshape(*wide.shape[:2], -1)

    def flat(self, y: Array, scratch: Scratch) -> Array:
        """Memory for a block of y as (O, N, *wide)."""
        return scratch("wide", (y.shape[1], y.shape[0], *self.wide), y)

    def _inside(self) -> tuple[slice, ...]:
        """What of ``wide`` is y."""
        return (slice(None), slice(None), *map(slice, self.counts))

    # The three products, for the samples that are given.

    def correlate(self, x: Array, W: Array, b: Array | None, y: Array, samples: range, scratch: Scratch) -> None:
        """y ← b + W ⋆ x, for W (O, C, *kernel)."""
        rows = W.reshape(len(W), -1)
        for block, pieces in self.blocks(samples, x.shape[1], x.itemsize):
            images = self.dealt(x[block], scratch)
            wide = self.flat(y[block], scratch)
            flat = wide.reshape(len(W), -1)
            for piece in pieces:
                columns = self.columns(images, x[block], piece, scratch)
                np.matmul(rows, columns, out=flat[:, piece] if len(pieces) > 1 else flat)
            result = wide[self._inside()].swapaxes(0, 1)
            if b is None:
                np.copyto(y[block], result)
            else:
                np.add(result, b.reshape(-1, *(1,) * len(self.counts)), out=y[block])

    def scatter(self, dy: Array, W: Array, dx: Array, samples: range, scratch: Scratch) -> None:
        """dx ← Wᵀ ⋆ dy, every window added to where it came from."""
        rows = W.reshape(len(W), -1).T
        for block, pieces in self.blocks(samples, dx.shape[1], dx.itemsize):
            wide = self.widened(dy[block], scratch).reshape(len(W), -1)
            images = self._images(dx[block], scratch)
            images[...] = 0
            for piece in pieces:
                room = self.room(dx[block], piece, scratch)
                np.matmul(rows, wide[:, piece] if len(pieces) > 1 else wide, out=room.reshape(len(rows), -1))
                for tap, run in enumerate(self.runs(images, dx[block], piece)):
                    np.add(run, room[:, tap], out=run)
            fold(self._seen(images, dx[block]), self.deal, dx[block].swapaxes(0, 1))

    def gradient(self, x: Array, dy: Array, dW: Array, samples: range, scratch: Scratch) -> None:
        """dW ← dW + Σ dy · windows."""
        total = dW.reshape(len(dW), -1)
        part = scratch("part", total.shape, dW)
        for block, pieces in self.blocks(samples, x.shape[1], x.itemsize):
            wide = self.widened(dy[block], scratch).reshape(len(dW), -1)
            images = self.dealt(x[block], scratch)
            for piece in pieces:
                columns = self.columns(images, x[block], piece, scratch)
                np.matmul(wide[:, piece] if len(pieces) > 1 else wide, columns.T, out=part)
                np.add(total, part, out=total)


@cache
def runs_of(windows: Windows, counts: Shape) -> Runs:
    """The runs of that many windows."""
    reach = [(k - 1) * dil for k, dil in zip(windows.kernel, windows.dilation, strict=True)]
    image = tuple(n + r // s for n, r, s in zip(counts, reach, windows.stride, strict=True))
    # A place is (image of each axis, row in it); the distance of neighbours on each of these axes:
    sizes = (*windows.stride, *image)
    steps = [math.prod(sizes[axis + 1 :]) for axis in range(len(sizes))]
    axes = len(counts)
    offsets = [
        sum(
            (u * dil % s) * steps[axis] + (u * dil // s) * steps[axes + axis]
            for axis, (u, dil, s) in enumerate(zip(tap, windows.dilation, windows.stride, strict=True))
        )
        for tap in itertools.product(*map(range, windows.kernel))
    ]
    deal = Windows(windows.stride, windows.stride, windows.padding)
    return Runs(deal, counts, image, tuple(offsets))
