"""A tensor's view of its storage."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_AXES", "MAX_ELEMENTS", "create_view"]

# numpy's own limit of axes, and the most elements of a view that has more of them than its storage.
MAX_AXES = 64
MAX_ELEMENTS = 1 << 31
MAX_STRIDE = 1 << 48


def create_view(storage: NDArray[Any], sizes: list[int], strides: list[int], offset: int) -> NDArray[Any]:
    """The elements of ``storage`` from ``offset`` (from 0) on, in ``strides`` (in elements); of no axes: none.

    ValueError if an element lies outside the storage, or there are more of them than any tensor has.
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
            f"a tensor of the sizes {sizes}, strides {strides} and offset {offset + 1} reaches outside its storage "
            f"of {storage.size}"
        )
    width = storage.itemsize
    return np.ndarray(sizes, storage.dtype, storage, offset * width, [stride * width for stride in strides])
