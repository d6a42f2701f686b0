"""Arrays split into images by a stride, and merged again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.compute.windows import Windows, index_last_axes

# Returns memory by name and shape, like another array: ``Component.buffer``.
Allocator = Callable[[str, Shape, Array], Array]


@dataclass(frozen=True)
class StridePhases:
    """x (N, C, *sizes) split into images: position i · stride + a − padding of an axis is position i of image a.

    The images are (*phases, C, N, *image), or with ``last`` (*phases, C, *image, N). The phases are the numbers a,
    those of the last axis first. Outside of x is 0.

    The work is done in two steps, so that no inner loop is as short as the width of an image: between x and the images
    there is ``whole``, x with its padding. Its first axes are the phases of all axes but the last,
    (*phases, C, N, *image, positions of a row), or it has none, (C, *positions, N).
    """

    stride: Shape
    padding: Shape
    last: bool

    def get_shape(self, x: Array, image: Shape) -> Shape:
        """The shape of the images of x."""
        n, c = x.shape[:2]
        return (*self.stride[::-1], c, *image, n) if self.last else (*self.stride[::-1], c, n, *image)

    def split(self, x: Array, images: Array, scratch: Allocator) -> None:
        """images ← x."""
        whole, split = self._get_padded(images, scratch)
        whole[...] = 0
        for part, source in self._iterate_overlaps(whole, x):
            np.copyto(part, source)
        if max(self.stride) > 1:
            np.copyto(images, split)

    def merge(self, images: Array, x: Array, scratch: Allocator) -> None:
        """x ← the elements of the images; 0 where they do not cover x."""
        whole, split = self._get_padded(images, scratch)
        if max(self.stride) > 1:
            # Phase by phase, for long inner loops.
            for phase in range(self.stride[-1]):
                np.copyto(split[phase], images[phase])
        image = images.shape[-1 - len(self.stride) : -1] if self.last else images.shape[-len(self.stride) :]
        if any(i * s - p < n for i, s, p, n in zip(image, self.stride, self.padding, x.shape[2:], strict=True)):
            x[...] = 0
        for part, target in self._iterate_overlaps(whole, x):
            np.copyto(target, part)

    def _get_padded(self, images: Array, scratch: Allocator) -> tuple[Array, Array]:
        """``whole``, and a view of it in the shape of the images; with stride 1 it is the images."""
        axes = len(self.stride)
        if not self.last:
            *lead, width = images.shape[1:]
            whole = images[0] if self.stride[-1] == 1 else scratch("whole", (*lead, width * self.stride[-1]), images)
            parts = whole.reshape(*lead, width, self.stride[-1])
            return whole, parts.transpose(parts.ndim - 1, *range(parts.ndim - 1))
        c, *image, n = images.shape[axes:]
        sizes = tuple(i * s for i, s in zip(image, self.stride, strict=True))
        if max(self.stride) == 1:
            return images.reshape(c, *sizes, n), images
        whole = scratch("whole", (c, *sizes, n), images)
        pairs = (pair for i, s in zip(image, self.stride, strict=True) for pair in (i, s))
        phases, places = range(2 * axes, 0, -2), range(1, 2 * axes, 2)
        return whole, whole.reshape(c, *pairs, n).transpose(*phases, 0, *places, 2 * axes + 1)

    def _iterate_overlaps(self, whole: Array, x: Array) -> Iterator[tuple[Array, Array]]:
        """Yield the parts of ``whole`` and of x with the same positions: (C, N, *positions)."""
        axes = len(self.stride)
        outer = (1,) * axes if self.last else (*self.stride[:-1], 1)
        if self.last:
            whole = whole.transpose(0, axes + 1, *range(1, axes + 1))
        channels = x.swapaxes(0, 1)
        windows = Windows(outer, outer, self.padding)
        for tap, inside, positions in windows.iterate_taps(x.shape[2:], whole.shape[-axes:]):
            part = whole if self.last else whole[tap[-2::-1]]
            yield part[index_last_axes(*inside)], channels[index_last_axes(*positions)]
