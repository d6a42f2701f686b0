"""The base of layers over the sums of windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nntrain.nn.array import Array, Shape
from nntrain.nn.windows import Windows, spread_sums, window_sums
from nntrain_pooling.pooling import Pooling

__all__ = ["WindowSum"]


class WindowSum(Pooling):
    """s = the sum of each window of a kernel, padding being zero;  a layer makes its y of s."""

    def sums(self, x: Array, out: Array) -> None:
        """out ← s, one axis after the other."""
        axes = range(len(self.windows.kernel))
        self._along(window_sums, x, out, [(axis, self._along_one(axis)) for axis in axes], out.shape)
