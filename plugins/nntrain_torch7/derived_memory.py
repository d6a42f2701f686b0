"""Arrays derived from others, with shared memory kept shared."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.storage_view import StorageView


class DerivedMemory:
    """Derives new memory from that of arrays, once for all views of it: arrays on one memory get views of one.

    ``derive``: a function of the memory and the type; by default, it converts the memory to the type.
    """

    def __init__(self, derive: Callable[[NDArray[Any], Any], NDArray[Any]] = np.ndarray.astype) -> None:
        self.derive = derive
        # With the owner, which is kept alive so that its id stays unique.
        self._derived: dict[Any, tuple[NDArray[Any], NDArray[Any]]] = {}

    def __call__(self, array: NDArray[Any], dtype: Any) -> NDArray[Any]:
        """Return a view of derived memory in the layout of the array."""
        memory = StorageView.from_array(array)
        key = memory.key, np.dtype(dtype)
        if key not in self._derived:
            self._derived[key] = memory.owner, self.derive(memory.flat, dtype)
        flat = self._derived[key][1]
        strides = [stride * flat.itemsize for stride in memory.strides]
        # Not as_strided, whose result does not have the memory as its base.
        return np.ndarray(array.shape, flat.dtype, flat, memory.offset * flat.itemsize, strides)
