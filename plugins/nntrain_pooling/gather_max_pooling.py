"""The base of max pooling with arbitrary starts and ends of windows."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain_pooling.max_pooling_base import MaxPoolingBase


class GatherMaxPooling(MaxPoolingBase):
    """y = the largest element of each window of x, from a start to a stop along each of the last axes."""

    @abstractmethod
    def get_stops(self) -> Sequence[IntArray]:
        """The ends of the windows along each axis: (channels, count), or (1, count) for all channels."""

    def get_steps(self) -> Sequence[IntArray]:
        rows = zip(self.get_starts(), self.get_stops(), strict=True)
        return [np.arange((stop - start).max())[None] for start, stop in rows]

    def iterate_candidates(self, channels: Array, block: slice, like: Array) -> Iterator[tuple[int, Array]]:
        x, starts, stops = channels.reshape(-1), self.get_starts(), self.get_stops()
        candidate = self.buffer("candidate", like.shape, like=like)
        kernel = [step.size for step in self.get_steps()]
        for number, tap in enumerate(np.ndindex(*kernel)):
            # A smaller window repeats its last element, which cannot win twice.
            rows = zip(starts, tap, stops, strict=True)
            positions = [np.minimum(start + step, stop - 1) for start, step, stop in rows]
            np.take(x, self.flatten_block_positions(positions, block, like.shape), out=candidate, mode="clip")
            yield number, candidate
