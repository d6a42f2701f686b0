"""Gradients of parameters that a file has without them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.storage_view import StorageKey, StorageView

__all__ = ["ZeroGradients"]


class ZeroGradients:
    """Zeros for each parameter; those of parameters that share memory share theirs, as training needs."""

    def __init__(self) -> None:
        # With the owner, which must live as long as its identity counts.
        self._made: dict[tuple[StorageKey, str], tuple[NDArray[Any], NDArray[Any]]] = {}

    def __call__(self, parameter: NDArray[Any], dtype: str) -> NDArray[Any]:
        """The gradient of a parameter, in memory that is laid out as that of the parameter."""
        memory = StorageView.from_array(parameter)
        key = memory.key, dtype
        if key not in self._made:
            self._made[key] = memory.owner, np.zeros(memory.flat.size, dtype)
        flat = self._made[key][1]
        strides = [stride * flat.itemsize for stride in memory.strides]
        return np.ndarray(parameter.shape, flat.dtype, flat, memory.offset * flat.itemsize, strides)
