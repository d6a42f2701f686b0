"""The base of max pooling over the windows of a kernel."""

from collections.abc import Iterator, Sequence

import numpy as np

from nntrain.compute.array import Array, IntArray
from nntrain.compute.windows import index_last_axes
from nntrain_pooling.max_pooling_base import MaxPoolingBase, flatten_positions
from nntrain_pooling.pooling import Pooling


class MaxPooling(Pooling, MaxPoolingBase):
    """y = the largest element of each window of a kernel;  dx is dy, summed at the positions that y came from."""

    @property
    def is_disjoint(self) -> bool:
        """Whether no two windows overlap."""
        windows = self.windows
        return all(span <= stride for span, stride in zip(windows.span, windows.stride, strict=True))

    def get_starts(self) -> Sequence[IntArray]:
        windows = self.windows
        counts = windows.count_windows(self.input_size, self.ceil_mode)
        rows = zip(counts, windows.stride, windows.padding, strict=True)
        return [np.arange(count)[None] * stride - pad for count, stride, pad in rows]

    def get_steps(self) -> Sequence[IntArray]:
        windows, found = self.windows, []
        for axis, (k, step) in enumerate(zip(windows.kernel, windows.dilation, strict=True)):
            taps = self.buffer(f"steps {axis}", (1, k), like=self.output, dtype=np.intp)
            np.multiply(np.arange(k), step, out=taps[0])
            found.append(taps)
        return found

    def get_first_taps(self) -> IntArray:
        rows = zip(self.get_starts(), self.windows.dilation, strict=True)
        return flatten_positions([np.maximum(-(start // step), 0) for start, step in rows], self.windows.kernel)

    def iterate_candidates(self, channels: Array, block: slice, like: Array) -> Iterator[tuple[int, Array]]:
        # Copied, because contiguous comparisons save more time than the copy takes.
        candidate = self.buffer("candidate", like.shape, like=like)
        for tap, inside, positions in self.windows.iterate_taps(self.input_size, like.shape[1:]):
            if any(self.windows.padding) or self.ceil_mode:
                candidate[...] = -np.inf
            candidate[index_last_axes(*inside)] = channels[block][index_last_axes(*positions)]
            yield int(np.ravel_multi_index(tap, self.windows.kernel)), candidate
