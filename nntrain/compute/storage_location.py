"""The storage (memory of the owning array), offset and strides of an array.

Flattening, type conversion, copying and saving use these to preserve sharing.
"""

from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.errors import ModuleError


@dataclass(frozen=True)
class StorageLocation:
    """An array as ``view_storage(storage, offset, shape, strides)``, within ``storage[start:stop]``.

    ``storage`` is flat; offset, strides, start and stop count elements. Two arrays share memory if and only if their
    keys are equal and their intervals overlap.
    """

    key: int
    storage: Array
    offset: int
    shape: Shape
    strides: Shape
    start: int
    stop: int


def get_storage_location(array: Array) -> StorageLocation:
    """Return the location of an array. ModuleError if its owner is not contiguous."""
    owner = find_owner(array)
    storage = owner.ravel("K").view(array.dtype)
    if owner.size and not np.may_share_memory(storage, owner):
        raise ModuleError(f"expected contiguous memory for an array of shape {array.shape}; use a copy of it")
    low, high = np.lib.array_utils.byte_bounds(array)
    origin, _ = np.lib.array_utils.byte_bounds(storage)
    size = array.itemsize
    return StorageLocation(
        key=id(owner),
        storage=storage,
        offset=(array.__array_interface__["data"][0] - origin) // size,
        shape=array.shape,
        strides=tuple(stride // size for stride in array.strides),
        start=(low - origin) // size,
        stop=(high - origin) // size,
    )


def find_owner(array: Array) -> Array:
    """Return the array that owns the memory."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def view_storage(storage: Array, offset: int, shape: Shape, strides: Shape) -> Array:
    """Return a view of a flat storage."""
    size = storage.itemsize
    return np.ndarray(
        shape, storage.dtype, buffer=storage, offset=offset * size, strides=tuple(stride * size for stride in strides)
    )
