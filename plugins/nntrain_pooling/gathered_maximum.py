"""The base of max pooling whose windows start and end anywhere."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain_pooling.maximum import Maximum

__all__ = ["GatheredMaximum"]


class GatheredMaximum(Maximum):
    """y = the largest element of each window of x, from a start to a stop along each of the last axes."""

    @abstractmethod
    def stops(self) -> Sequence[IntArray]:
        """Where the windows end along each axis: (planes, count), or (1, count) for all planes."""

    def steps(self) -> Sequence[IntArray]:
        rows = zip(self.starts(), self.stops(), strict=True)
        return [np.arange((stop - start).max())[None] for start, stop in rows]

    def candidates(self, planes: Array, block: slice, like: Array) -> Iterator[tuple[int, Array]]:
        x, starts, stops = planes.reshape(-1), self.starts(), self.stops()
        candidate = self.buffer("candidate", like.shape, like=like)
        kernel = [step.size for step in self.steps()]
        for number, tap in enumerate(np.ndindex(*kernel)):
            # A smaller window meets its last element again, which cannot win twice.
            rows = zip(starts, tap, stops, strict=True)
            places = [np.minimum(start + step, stop - 1) for start, step, stop in rows]
            np.take(x, self.laid_flat(places, block, like.shape), out=candidate, mode="clip")
            yield number, candidate
