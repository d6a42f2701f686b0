"""The memory of arrays: arrays on the same memory are tensors on one storage, and a tensor is a view of its storage."""

from dataclasses import dataclass
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.dtypes import DTYPE_NAMES
from nntrain_torch7.format.errors import UnsupportedValueError

StorageKey = tuple[int, int, np.dtype[Any]]
"""Equal for all arrays on one storage, while its owner is alive."""

# NumPy's maximum number of axes, and the maximum size of a view that is larger than its storage.
MAX_AXES = 64
MAX_ELEMENTS = 1 << 31
MAX_STRIDE = 1 << 48


@dataclass(frozen=True)
class StorageView:
    """The memory of an array, and the positions of its elements."""

    owner: NDArray[Any]
    """The array that owns the memory."""
    flat: NDArray[Any]
    """The complete memory, as elements of the array's type."""
    offset: int
    """The position of the first element, from 0."""
    strides: tuple[int, ...]
    """In elements."""

    @classmethod
    def from_array(cls, array: NDArray[Any]) -> Self:
        """The memory of an array of one of Torch7's types.

        An array that cannot be on a storage is copied: with negative strides, another byte order, or an owner that is
        not contiguous. UnsupportedValueError if Torch7 has no such type.
        """
        native = np.dtype(np.uint8) if array.dtype == np.bool_ else array.dtype.newbyteorder("=")
        if native not in DTYPE_NAMES:
            raise UnsupportedValueError(
                f"an array of {array.dtype}; Torch7 has tensors of {', '.join(map(str, DTYPE_NAMES))}"
            )
        owner = array
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        gaps = not (owner.flags.c_contiguous or owner.flags.f_contiguous)
        width = native.itemsize
        if array.dtype != native or gaps or any(stride < 0 or stride % width for stride in array.strides):
            owner = array = np.array(array, native, order="C")
        # The flat elements are aligned with those of the array, and include those before it.
        before, phase = divmod(array.ctypes.data - owner.ctypes.data, width)
        flat = np.ndarray((owner.nbytes - phase) // width, native, owner.ravel("K").view(np.uint8), phase)
        return cls(owner, flat, before, tuple(stride // width for stride in array.strides))

    @property
    def key(self) -> StorageKey:
        """The identity of the memory."""
        return id(self.owner), self.flat.ctypes.data, self.flat.dtype


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
