"""The view of a tensor on its storage."""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

# NumPy's maximum number of axes, and the maximum size of a view that is larger than its storage.
MAX_AXES = 64
MAX_ELEMENTS = 1 << 31
MAX_STRIDE = 1 << 48


def create_view(storage: NDArray[Any], sizes: list[int], strides: list[int], offset: int) -> NDArray[Any]:
    """Return a view of ``storage`` with ``offset`` (from 0) and ``strides`` in elements; without axes, it is empty.

    ValueError if an element is outside the storage, or there are more elements than any tensor has.
    """
    if not sizes:
        sizes, strides = [0], [1]
    if min(sizes) < 0 or not all(0 <= stride <= MAX_STRIDE for stride in strides):
        raise ValueError(f"a tensor of the sizes {sizes} and strides {strides}")
    if prod(max(size, 1) for size in sizes) > max(MAX_ELEMENTS, storage.size):
        raise ValueError(
            f"a tensor of the sizes {sizes}, more than {MAX_ELEMENTS} elements on a storage of {storage.size}"
        )
    empty = 0 in sizes
    last = offset if empty else offset + sum((size - 1) * stride for size, stride in zip(sizes, strides, strict=True))
    if offset < 0 or last > storage.size - (not empty):
        raise ValueError(
            f"a tensor of the sizes {sizes}, strides {strides} and offset {offset + 1} exceeds its storage "
            f"of {storage.size}"
        )
    width = storage.itemsize
    return np.ndarray(sizes, storage.dtype, storage, offset * width, [stride * width for stride in strides])
