"""Which memory an array is a view of: arrays on the same memory are written as tensors on one storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntrain_torch7.format.dtypes import DTYPE_NAMES
from nntrain_torch7.format.unsupported_value_error import UnsupportedValueError

__all__ = ["StorageKey", "StorageView"]

StorageKey = tuple[int, int, np.dtype[Any]]
"""The same for all arrays on one storage, as long as its owner lives."""


@dataclass(frozen=True)
class StorageView:
    """The memory of an array, and where the elements of the array lie in it."""

    owner: NDArray[Any]
    """The array that it belongs to."""
    flat: NDArray[Any]
    """All of it, as elements of the type of the array."""
    offset: int
    """Of the first element, from 0, in elements."""
    strides: tuple[int, ...]
    """In elements."""

    @classmethod
    def from_array(cls, array: NDArray[Any]) -> StorageView:
        """The memory of an array of one of Torch's types.

        It is that of a copy where its own cannot be a storage: with steps backwards, of another byte order, or where
        the owner has gaps. UnwritableError if Torch has no such type.
        """
        native = np.dtype(np.uint8) if array.dtype == np.bool_ else array.dtype.newbyteorder("=")
        if native not in DTYPE_NAMES:
            raise UnsupportedValueError(
                f"an array of {array.dtype}; Torch has tensors of {', '.join(map(str, DTYPE_NAMES))}"
            )
        owner = array
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        gaps = not (owner.flags.c_contiguous or owner.flags.f_contiguous)
        width = native.itemsize
        if array.dtype != native or gaps or any(stride < 0 or stride % width for stride in array.strides):
            owner = array = np.array(array, native, order="C")
        # Elements of this type begin at the address of the array, and so many before it as there is room for.
        before, phase = divmod(array.ctypes.data - owner.ctypes.data, width)
        flat = np.ndarray((owner.nbytes - phase) // width, native, owner.ravel("K").view(np.uint8), phase)
        return cls(owner, flat, before, tuple(stride // width for stride in array.strides))

    @property
    def key(self) -> StorageKey:
        """What tells it from other memories."""
        return id(self.owner), self.flat.ctypes.data, self.flat.dtype
