"""The products of a convolution by Winograd's minimal filters, which need fewer multiplications."""

import math
from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.matmul import multiply
from nntrain.compute.windows import Windows
from nntrain_convolution.im2col_layout import MAX_WASTE, Im2colLayout, compute_waste, create_layout
from nntrain_convolution.stride_phases import Allocator, StridePhases

# A matrix for each of the two axes, that of the last axis first, as ``StridePhases`` orders the tiles of y.
TransformMatrices: TypeAlias = tuple[Array, Array]

# The numbers of positions of y that a tile may have along each axis.
TILE_SIZES = (2, 4)

# The points at which the polynomials are evaluated (besides infinity), by their number: those with the smallest errors
# in single precision. With 3 and 5 taps, errors are within 1e-5 and 1e-4 of the standard deviation of the plain sum.
POINTS = {
    3: (0, 1, -1),
    4: (0, 1, -1, 2),
    5: (0, 3 / 4, -3 / 4, 3 / 2, -3 / 2),
    6: (0, 1 / 2, -1 / 2, 1, -1, 2),
    7: (0, 1 / 2, -1 / 2, 1, -1, 2, -2),
}


class WinogradConvolution:
    """y = Aᵀ [(G W) ⊙ (Bᵀ x)] for tiles of x, ⊙ a product of matrices over channels for each element of a tile.

    A tile of m + r − 1 positions along each axis gives m of y, with (m + r − 1)ᵃ multiplications instead of (m r)ᵃ for
    a axes: with m = 4, 36 instead of 144 for 3 × 3 taps, 64 instead of 400 for 5 × 5. A, B, G are applied to all tiles
    of a block at once.
    Source: Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for
    Convolutional Neural Networks", 2016, section 4.
    """

    def __init__(self, windows: Windows, counts: Shape) -> None:
        m = choose_tile_size(windows.kernel, counts)
        self.size = m
        tiles = tuple(-(-n // m) for n in counts)
        tile = Windows(tuple(r + m - 1 for r in windows.kernel), (m, m), windows.padding)
        self.runs: Im2colLayout = create_layout(
            tile, tiles, "last" if compute_waste(tile, tiles) > MAX_WASTE else "wide"
        )
        # y is split into one image for each element of a tile.
        self.deal = StridePhases((m, m), (0, 0), self.runs.last)
        self._AT, self._G, self._BT = zip(*(build_transforms(m, r) for r in windows.kernel[::-1]), strict=True)
        self._cast: dict[np.dtype[np.floating], tuple[TransformMatrices, Array, TransformMatrices]] = {}

    def _get_matrices(self, like: Array) -> tuple[TransformMatrices, Array, TransformMatrices]:
        """Aᵀ of both axes, G of all elements and taps, and Bᵀ of both axes, in the type of ``like``."""
        dtype = like.dtype
        if dtype not in self._cast:
            AT, BT = ((first.astype(dtype), second.astype(dtype)) for first, second in (self._AT, self._BT))
            G = np.einsum("bv,au->bauv", *self._G).reshape(len(self._G[0]) * len(self._G[1]), -1)
            self._cast[dtype] = AT, G.astype(dtype), BT
        return self._cast[dtype]

    def pack_weights(self, W: Array, scratch: Allocator) -> Array:
        """W (1, O, C, *kernel) as G W (elements of a tile, O, C)."""
        _, G, _ = self._get_matrices(W)
        spectrum = scratch("rows", (len(G), *W.shape[1:3]), W)
        np.matmul(G, W.reshape(-1, G.shape[1]).T, out=spectrum.reshape(len(G), -1))
        return spectrum

    def unpack_weights(self, spectrum: Array, W: Array) -> None:
        """W ← Gᵀ spectrum: the adjoint of ``pack_weights``."""
        _, G, _ = self._get_matrices(W)
        multiply(spectrum.reshape(len(G), -1).T, G, W.reshape(-1, G.shape[1]))

    def correlate(self, x: Array, W: Array, b: Array | None, y: Array, samples: range, scratch: Allocator) -> None:
        """y ← b + W ⋆ x for some samples, W from ``pack_weights``."""
        AT, _, _ = self._get_matrices(x)
        for block, pieces in self._iterate_blocks(samples, W, x):
            images = self.runs.create_images(x[block], scratch)
            for rows in pieces:
                spectrum = self._transform_input(images, x[block], rows, scratch)
                product = scratch("product", (*W.shape[:2], spectrum.shape[2]), x)
                multiply(W, spectrum, product)
                tiles = apply_transform(AT, product, "tiles", scratch)
                if b is not None:
                    np.add(tiles, b.reshape(-1, 1), out=tiles)
                part = self._select_output(y[block], rows)
                self.deal.merge(tiles.reshape(self._get_shape(part, rows)), part, scratch)

    def correlate_adjoint(self, dy: Array, W: Array, dx: Array, samples: range, scratch: Allocator) -> None:
        """dx ← Wᵀ ⋆ dy for some samples: the adjoint of ``correlate``."""
        _, _, BT = self._get_matrices(dx)
        for block, pieces in self._iterate_blocks(samples, W, dx):
            images = self.runs.allocate_images(dx[block], scratch)
            images[...] = 0
            for rows in pieces:
                gradients = self._transform_gradient(dy[block], rows, scratch)
                spectrum = scratch("columns", (len(W), dx.shape[1], gradients.shape[2]), dx)
                multiply(W.swapaxes(1, 2), gradients, spectrum)
                columns = apply_transform(transpose_matrices(BT), spectrum, "columns", scratch)
                self.runs.fold(self._view_by_taps(columns), dx[block], rows, images)
            self.runs.merge_images(images, dx[block], scratch)

    def compute_gradient(self, x: Array, dy: Array, W: Array, samples: range, scratch: Allocator) -> Array:
        """dW of some samples, in the form of ``pack_weights``, as W is."""
        total, term = (scratch(name, W.shape, x) for name in ("total", "term"))
        total[...] = 0
        for block, pieces in self._iterate_blocks(samples, W, x):
            images = self.runs.create_images(x[block], scratch)
            for rows in pieces:
                spectrum = self._transform_input(images, x[block], rows, scratch)
                gradients = self._transform_gradient(dy[block], rows, scratch)
                multiply(gradients, spectrum.swapaxes(1, 2), term)
                np.add(total, term, out=total)
        return total

    def _iterate_blocks(self, samples: range, W: Array, x: Array) -> Iterator[tuple[slice, list[slice]]]:
        """Blocks in which the larger of spectrum and product fits the buffer."""
        return self.runs.iterate_blocks(samples, len(W) * max(W.shape[1:]) * x.itemsize)

    def _transform_input(self, images: Array, x: Array, rows: slice, scratch: Allocator) -> Array:
        """Bᵀ x for a piece, (elements, C, positions)."""
        _, _, BT = self._get_matrices(x)
        elements = math.prod(self.runs.kernel)
        columns = scratch("columns", (elements, x.shape[1], self.runs.count_places(len(x), rows)), x)
        self.runs.unfold(images, x, rows, self._view_by_taps(columns))
        return apply_transform(BT, columns, "columns", scratch)

    def _transform_gradient(self, dy: Array, rows: slice, scratch: Allocator) -> Array:
        """A dy for a piece, (elements, O, positions), with 0 beyond the end of dy and between its rows."""
        AT, _, _ = self._get_matrices(dy)
        part = self._select_output(dy, rows)
        tiles = scratch("tiles", (self.size**2, dy.shape[1], self.runs.count_places(len(dy), rows)), dy)
        self.deal.split(part, tiles.reshape(self._get_shape(part, rows)), scratch)
        return apply_transform(transpose_matrices(AT), tiles, "product", scratch)

    def _view_by_taps(self, columns: Array) -> Array:
        """Columns (elements, channels, positions) in the order of the axes."""
        return columns.reshape(*self.runs.kernel[::-1], *columns.shape[1:]).swapaxes(0, 1)

    def _select_output(self, y: Array, rows: slice) -> Array:
        """The part of y that a piece of the tiles covers."""
        return y[:, :, self.size * rows.start : self.size * rows.stop]

    def _get_shape(self, part: Array, rows: slice) -> Shape:
        """The shape of these tiles as images of y."""
        return self.deal.get_shape(part, (rows.stop - rows.start, *self.runs.row))


def apply_transform(matrices: TransformMatrices, elements: Array, name: str, scratch: Allocator) -> Array:
    """Apply the matrix of each axis to (elements of a tile, channels, positions), in the memory of that name.

    This takes a third of the work of their Kronecker product.
    """
    first, second = matrices
    tile = elements.reshape(first.shape[1], second.shape[1], -1)
    half = scratch("half", (len(tile), len(second), tile.shape[2]), elements)
    multiply(second, tile, half)
    whole = scratch(name, (len(first) * len(second), *elements.shape[1:]), elements)
    out = whole.reshape(len(first), len(second), -1)
    multiply(first, half.swapaxes(0, 1), out.swapaxes(0, 1))
    return whole


def transpose_matrices(matrices: TransformMatrices) -> TransformMatrices:
    """Return both matrices transposed."""
    first, second = matrices
    return first.T, second.T


def choose_tile_size(kernel: Shape, counts: Shape) -> int:
    """The tile size that needs the fewest multiplications."""
    return min(
        TILE_SIZES, key=lambda m: math.prod(-(-n // m) * (m + r - 1) for n, r in zip(counts, kernel, strict=True))
    )


def build_transforms(m: int, r: int) -> tuple[Array, Array, Array]:
    """Aᵀ (m, n), G (n, r) and Bᵀ (n, n), n = m + r − 1, of the minimal filter from n to m positions with r taps.

    Products of polynomials are evaluated at n − 1 points and at infinity and interpolated (Toom and Cook); the filter
    is the transpose of that. Bᵀ is scaled by the products of differences of points, and G by the inverse.
    """
    n = m + r - 1
    points = POINTS[n - 1]

    def powers(count: int) -> Array:
        at_infinity = np.eye(count)[-1]
        return np.stack([*(np.array([float(p) ** k for k in range(count)]) for p in points), at_infinity])

    scale = np.array([*(math.prod(p - q for q in points if q != p) for p in points), 1.0])
    return powers(m).T, powers(r) / scale[:, None], np.linalg.inv(powers(n)).T * scale[:, None]


# The method for given windows and their numbers, cached.
create_winograd = cache(WinogradConvolution)
