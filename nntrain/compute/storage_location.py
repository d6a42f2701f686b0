"""Where an array lies: its storage (the memory of the array that owns it), offset and strides.

Flattening, type conversion, copying and saving all keep sharing by asking here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.errors import ModuleError

__all__ = ["StorageLocation", "get_storage_location", "view_storage"]


@dataclass(frozen=True)
class StorageLocation:
    """``array`` is ``view(storage, offset, shape, strides)`` and lies within ``storage[start:stop]``.

    ``storage`` is flat; offset, strides, start and stop count elements. Two arrays share memory
    exactly if they have one ``key`` and their intervals overlap.
    """

    key: int
    storage: Array
    offset: int
    shape: Shape
    strides: Shape
    start: int
    stop: int


def get_storage_location(array: Array) -> StorageLocation:
    """Find the place of an array. ModuleError if its owner is not one block of memory."""
    owner = find_owner(array)
    storage = owner.ravel("K").view(array.dtype)
    if owner.size and not np.may_share_memory(storage, owner):
        raise ModuleError(f"an array of shape {array.shape} lies in memory with holes: pass a copy of it")
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
    """The array that owns the memory."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def view_storage(storage: Array, offset: int, shape: Shape, strides: Shape) -> Array:
    """The array at a place of a flat storage."""
    size = storage.itemsize
    return np.ndarray(
        shape, storage.dtype, buffer=storage, offset=offset * size, strides=tuple(stride * size for stride in strides)
    )
