"""The products of a convolution with fewer multiplications: those of Winograd's minimal filters, by matrix products."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache, reduce

import numpy as np

from nntrain.nn.array import Array, Shape
from nntrain.nn.windows import Windows, last_axes
from nntrain_convolution.runs import WASTE, Runs, Scratch, runs_of, waste

__all__ = ["Winograd", "winograd_of"]

# The places of y that a tile gives along each axis. With 2 the points are so small that three taps are as exact in
# single precision as the plain sum; with 4 the error is twenty times as large.
TILE = 2

# Where the polynomials are evaluated, in this order, and then at infinity: the smaller the numbers, the less is lost.
POINTS = (0, 1, -1, 2, -2)


class Winograd:
    """y = Aᵀ [(G W) ⊙ (Bᵀ x)] for tiles of x, ⊙ a product of matrices over planes for each element of a tile.

    A tile of r + 1 places along each axis gives 2 of y, with (r + 1)ᵃ multiplications instead of (2 r)ᵃ over a axes:
    16 instead of 36 for 3 × 3 taps, 36 instead of 100 for 5 × 5. A, B, G are applied to all tiles of a block at once.
    Source: Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for
    Convolutional Neural Networks", 2016, section 4.
    """

    def __init__(self, windows: Windows, counts: Shape) -> None:
        axes = len(counts)
        self.deal = Windows((TILE,) * axes, (TILE,) * axes)
        tiles = tuple(-(-n // TILE) for n in counts)
        tile = Windows(tuple(r + TILE - 1 for r in windows.kernel), (TILE,) * axes, windows.padding)
        self.runs: Runs = runs_of(tile, tiles, "last" if waste(tile, tiles) > WASTE else "wide")
        parts = [transforms(r) for r in windows.kernel]
        self._AT, self._G, self._BT = (reduce(np.kron, matrices) for matrices in zip(*parts, strict=True))
        # Which element of a tile stands for the point 1 on every axis.
        self._ones = int(np.ravel_multi_index((1,) * axes, tuple(r + TILE - 1 for r in windows.kernel)))
        self._cast: dict[np.dtype[np.floating], tuple[Array, Array, Array]] = {}

    def _matrices(self, like: Array) -> tuple[Array, Array, Array]:
        """Aᵀ, G and Bᵀ in the type of ``like``."""
        if like.dtype not in self._cast:
            AT, G, BT = (matrix.astype(like.dtype) for matrix in (self._AT, self._G, self._BT))
            self._cast[like.dtype] = AT, G, BT
        return self._cast[like.dtype]

    def weights(self, W: Array, scratch: Scratch) -> Array:
        """W (1, O, C, *kernel) as G W (elements of a tile, O, C)."""
        _, G, _ = self._matrices(W)
        spectrum = scratch("rows", (len(G), *W.shape[1:3]), W)
        np.matmul(G, W.reshape(-1, G.shape[1]).T, out=spectrum.reshape(len(G), -1))
        return spectrum

    def kernels(self, spectrum: Array, W: Array) -> None:
        """W ← Gᵀ spectrum: the adjoint of ``weights``."""
        _, G, _ = self._matrices(W)
        np.matmul(spectrum.reshape(len(G), -1).T, G, out=W.reshape(-1, G.shape[1]))

    def correlate(self, x: Array, W: Array, b: Array, y: Array, samples: range, scratch: Scratch) -> None:
        """y ← b + W ⋆ x for some samples, W from ``weights``."""
        AT, _, _ = self._matrices(x)
        for block, pieces in self._blocks(samples, W, x):
            images = self.runs.images(x[block], scratch)
            for rows in pieces:
                spectrum = self._spectrum(images, x[block], rows, scratch)
                product = scratch("columns", (*W.shape[:2], spectrum.shape[2]), x)
                np.matmul(W, spectrum, out=product)
                # The point 1 has the powers 1, 1: what is added to its product is added to every place of y.
                np.add(product[self._ones], b.reshape(-1, 1), out=product[self._ones])
                tiles = scratch("spectrum", (len(AT), *product.shape[1:]), x)
                applied(AT, product, tiles)
                for tile, place in self._places(tiles, y[block], rows):
                    np.copyto(place, tile)

    def scatter(self, dy: Array, W: Array, dx: Array, samples: range, scratch: Scratch) -> None:
        """dx ← Wᵀ ⋆ dy for some samples: the adjoint of ``correlate``."""
        _, _, BT = self._matrices(dx)
        for block, pieces in self._blocks(samples, W, dx):
            images = self.runs.room(dx[block], scratch)
            images[...] = 0
            for rows in pieces:
                slopes = self._slopes(dy[block], rows, scratch)
                spectrum = scratch("spectrum", (len(BT), dx.shape[1], slopes.shape[2]), dx)
                np.matmul(W.swapaxes(1, 2), slopes, out=spectrum)
                columns = scratch("columns", spectrum.shape, dx)
                applied(BT.T, spectrum, columns)
                self.runs.add(columns, dx[block], rows, images)
            self.runs.collect(images, dx[block])

    def gradient(self, x: Array, dy: Array, W: Array, samples: range, scratch: Scratch) -> Array:
        """dW of some samples, in the form of ``weights``, as W is."""
        total, term = (scratch(name, W.shape, x) for name in ("total", "term"))
        total[...] = 0
        for block, pieces in self._blocks(samples, W, x):
            images = self.runs.images(x[block], scratch)
            for rows in pieces:
                spectrum = self._spectrum(images, x[block], rows, scratch)
                slopes = self._slopes(dy[block], rows, scratch)
                np.matmul(slopes, spectrum.swapaxes(1, 2), out=term)
                np.add(total, term, out=total)
        return total

    def _blocks(self, samples: range, W: Array, x: Array) -> Iterator[tuple[slice, list[slice]]]:
        """Blocks in which the larger of spectrum and product fits the buffer."""
        return self.runs.blocks(samples, len(W) * max(W.shape[1:]) * x.itemsize)

    def _spectrum(self, images: Array, x: Array, rows: slice, scratch: Scratch) -> Array:
        """Bᵀ x for a piece, (elements, C, places)."""
        _, _, BT = self._matrices(x)
        columns = scratch("columns", (len(BT), x.shape[1], self.runs.places(len(x), rows)), x)
        self.runs.copy(images, x, rows, columns)
        return applied(BT, columns, scratch("spectrum", columns.shape, x))

    def _slopes(self, dy: Array, rows: slice, scratch: Scratch) -> Array:
        """A dy for a piece, (elements, O, places); beyond the end of dy, and between its rows, all is 0."""
        AT, _, _ = self._matrices(dy)
        tiles = scratch("flat", (len(AT), dy.shape[1], self.runs.places(len(dy), rows)), dy)
        tiles[...] = 0
        for tile, place in self._places(tiles, dy, rows):
            np.copyto(tile, place)
        return applied(AT.T, tiles, scratch("columns", (AT.shape[1], *tiles.shape[1:]), dy))

    def _places(self, tiles: Array, y: Array, rows: slice) -> Iterator[tuple[Array, Array]]:
        """Each element of the tiles (elements of y's tile, O, places) of a piece, and its places in y: views."""
        part = y[:, :, TILE * rows.start : TILE * rows.stop]
        counts = (rows.stop - rows.start, *self.runs.counts[1:])
        elements = tiles.reshape(*self.deal.kernel, *tiles.shape[1:])
        for tap, inside, met in self.deal.taps(part.shape[2:], counts):
            yield self.runs.inside(elements[tap], len(y))[last_axes(*inside)], part[last_axes(*met)]


def applied(matrix: Array, elements: Array, out: Array) -> Array:
    """``matrix`` times (elements of a tile, planes, places)."""
    np.matmul(matrix, elements.reshape(len(elements), -1), out=out.reshape(len(out), -1))
    return out


def transforms(r: int) -> tuple[Array, Array, Array]:
    """Aᵀ (2, n), G (n, r) and Bᵀ (n, n), n = r + 1, of the minimal filter that gives 2 places from n with r taps.

    Products of polynomials are evaluated at n − 1 points and at infinity and interpolated (Toom and Cook); the filter
    is the transpose of that. Bᵀ is scaled to whole numbers, and G by the inverse.
    """
    n = r + TILE - 1
    points = POINTS[: n - 1]

    def powers(count: int) -> Array:
        at_infinity = np.eye(count)[-1]
        return np.stack([*(np.array([float(p) ** k for k in range(count)]) for p in points), at_infinity])

    scale = np.array([*(math.prod(p - q for q in points if q != p) for p in points), 1.0])
    BT = np.round(np.linalg.inv(powers(n)).T * scale[:, None])
    return powers(TILE).T, powers(r) / scale[:, None], BT


@cache
def winograd_of(windows: Windows, counts: Shape) -> Winograd:
    """Winograd's method for that many windows."""
    return Winograd(windows, counts)
