"""Sliding windows over the last axes of an array: their positions, ``unfold``, and its adjoint ``fold``.

The arithmetic is the same for any number of axes; convolution, pooling and resampling all use it::

    windows = Windows(kernel=(2, 3), stride=(1, 2), padding=(0, 1))   # axes in the order of the array: height, width
    counts = windows.count_windows((5, 7))                            # number of windows along each axis
    for tap, inside, places in windows.iterate_taps((5, 7), counts):  # tap: an offset in the kernel, such as (0, 2)
        y[..., *inside] += x[..., *places]                            # windows whose tap is inside x, and its indices

Tap u of window i along an axis is at i · stride + u · dilation − padding. ``iterate_taps`` skips the padding, so no
padded copy is needed, and a maximum never includes padding.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Shape

Slices = tuple[slice, ...]


@dataclass(frozen=True)
class Windows:
    """The windows of a kernel over the last axes, with ``padding`` zeros on both sides.

    Defaults: stride 1, no padding, dilation 1.
    """

    kernel: Shape
    stride: Shape = ()
    padding: Shape = ()
    dilation: Shape = ()

    def __post_init__(self) -> None:
        ones = (1,) * len(self.kernel)
        object.__setattr__(self, "stride", self.stride or ones)
        object.__setattr__(self, "padding", self.padding or (0,) * len(self.kernel))
        object.__setattr__(self, "dilation", self.dilation or ones)

    @property
    def span(self) -> Shape:
        """The size of a window along each axis: dilation (kernel − 1) + 1."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    def count_windows(self, sizes: Shape, ceil: bool = False) -> Shape:
        """The number of windows along each axis, ⌊(size + 2 padding − span) / stride⌋ + 1; may be below 1.

        ``ceil`` rounds up, so that the last window may extend past the padding; with padding, a last window that
        would start past the right edge of the image is dropped.
        """
        free = [n + 2 * p - s for n, p, s in zip(sizes, self.padding, self.span, strict=True)]
        if not ceil:
            return tuple(f // d + 1 for f, d in zip(free, self.stride, strict=True))
        counts = tuple(-(-f // d) + 1 for f, d in zip(free, self.stride, strict=True))
        if not any(self.padding):
            return counts
        rows = zip(counts, sizes, self.stride, self.padding, strict=True)
        return tuple(count - ((count - 1) * d >= n + p) for count, n, d, p in rows)

    def get_covered_sizes(self, counts: Shape) -> Shape:
        """Return the sizes that ``counts`` windows cover exactly: (count − 1) stride + span − 2 padding."""
        rows = zip(counts, self.stride, self.span, self.padding, strict=True)
        return tuple((count - 1) * d + s - 2 * p for count, d, s, p in rows)

    def select_axis(self, axis: int) -> Windows:
        """Return the same windows along one axis, with kernel 1 along all others."""
        axes = range(len(self.kernel))
        numbers = (self.kernel, self.stride, self.padding, self.dilation)
        none = (1, 1, 0, 1)
        return Windows(
            *(tuple(own[i] if i == axis else other for i in axes) for own, other in zip(numbers, none, strict=True))
        )

    def iterate_taps(self, sizes: Shape, counts: Shape) -> Iterator[tuple[Shape, Slices, Slices]]:
        """Iterate over (tap, slices of the windows whose tap is inside ``sizes``, slices of its positions).

        Taps that are inside for no window are skipped.
        """
        axes = [
            [
                slices
                for u in find_reaching_taps(k, p, dil, d, n, count)
                if (slices := intersect_axis(u, u * dil - p, d, n, count)) is not None
            ]
            for k, d, p, dil, n, count in zip(
                self.kernel, self.stride, self.padding, self.dilation, sizes, counts, strict=True
            )
        ]
        for offsets in itertools.product(*axes):
            taps, windows, places = zip(*offsets, strict=True)
            yield taps, windows, places


def to_constructor_order(sizes: Shape) -> Shape:
    """Swap the last two sizes: arguments and labels are in the order (t,) w, h, arrays (t,) h, w."""
    return (*sizes[:-2], *reversed(sizes[-2:]))


def format_sizes(sizes: Shape, by: str = ",") -> str:
    """Format the sizes of an array's axes as in labels: 3x2 or 1,0."""
    return by.join(map(str, to_constructor_order(sizes)))


def find_reaching_taps(kernel: int, padding: int, dilation: int, stride: int, size: int, count: int) -> range:
    """Return the taps along one axis that may be inside; the kernel may be much larger than the axis."""
    first = -(((count - 1) * stride - padding) // dilation)
    last = (size - 1 + padding) // dilation
    return range(max(first, 0), min(last + 1, kernel))


def intersect_axis(tap: int, start: int, stride: int, size: int, count: int) -> tuple[int, slice, slice] | None:
    """Return the windows i < count with 0 ≤ start + i · stride < size, and these positions; None if none."""
    first = max(-(start // stride), 0)
    last = min((size - 1 - start) // stride, count - 1)
    if last < first:
        return None
    begin = start + first * stride
    return tap, slice(first, last + 1), slice(begin, start + last * stride + 1, stride)


def unfold(x: Array, windows: Windows, out: Array) -> Array:
    """Copy every window of x: ``out`` (..., *kernel, *counts) from x (..., *sizes); positions outside of x give 0."""
    axes = len(windows.kernel)
    sizes, counts = x.shape[-axes:], out.shape[-axes:]
    if any(windows.padding) or any(n > size for n, size in zip(windows.get_covered_sizes(counts), sizes, strict=True)):
        out[...] = 0
    for tap, inside, places in windows.iterate_taps(sizes, counts):
        np.copyto(out[index_last_axes(*tap, *inside)], x[index_last_axes(*places)])
    return out


def fold(columns: Array, windows: Windows, out: Array) -> Array:
    """Add every window back to its position: ``out`` (..., *sizes) from columns (..., *kernel, *counts).

    The adjoint of ``unfold``: ⟨unfold(x), c⟩ = ⟨x, fold(c)⟩. Positions without a window get 0.
    """
    axes = len(windows.kernel)
    sizes, counts = out.shape[-axes:], columns.shape[-axes:]
    out[...] = 0
    for tap, inside, places in windows.iterate_taps(sizes, counts):
        place = out[index_last_axes(*places)]
        np.add(place, columns[index_last_axes(*tap, *inside)], out=place)
    return out


def index_last_axes(*indices: int | slice) -> tuple[Any, ...]:
    """Return the index of the last axes."""
    return (..., *indices)


def sum_windows(x: Array, windows: Windows, out: Array) -> Array:
    """Add up every window of x: ``out`` (..., *counts) from x (..., *sizes); padding is zero."""
    axes = len(windows.kernel)
    out[...] = 0
    for _, inside, places in windows.iterate_taps(x.shape[-axes:], out.shape[-axes:]):
        total = out[index_last_axes(*inside)]
        np.add(total, x[index_last_axes(*places)], out=total)
    return out


def spread_sums(sums: Array, windows: Windows, out: Array) -> Array:
    """Add every sum to all elements of its window: ``out`` (..., *sizes) from sums (..., *counts).

    The adjoint of ``sum_windows``. Positions without a window get 0.
    """
    axes = len(windows.kernel)
    out[...] = 0
    for _, inside, places in windows.iterate_taps(out.shape[-axes:], sums.shape[-axes:]):
        place = out[index_last_axes(*places)]
        np.add(place, sums[index_last_axes(*inside)], out=place)
    return out
