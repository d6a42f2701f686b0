"""Arrays in another type, in which those on one memory stay on one memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.storage_view import StorageView

__all__ = ["StorageCaster"]


class StorageCaster:
    """Converts the memory of each array once, for all arrays that are views of it."""

    def __init__(self) -> None:
        # With the owner, which must live as long as its identity counts.
        self._converted: dict[Any, tuple[NDArray[Any], NDArray[Any]]] = {}

    def __call__(self, array: NDArray[Any], dtype: Any) -> NDArray[Any]:
        """The array as a view of converted memory."""
        memory = StorageView.from_array(array)
        key = memory.key, np.dtype(dtype)
        if key not in self._converted:
            self._converted[key] = memory.owner, memory.flat.astype(dtype)
        flat = self._converted[key][1]
        strides = [stride * flat.itemsize for stride in memory.strides]
        # Not by as_strided, whose result does not have the memory as its base.
        return np.ndarray(array.shape, flat.dtype, flat, memory.offset * flat.itemsize, strides)
