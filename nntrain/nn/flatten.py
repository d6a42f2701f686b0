"""All parameters in one vector, all gradients in another, and every parameter a view of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.storage_location import StorageLocation, get_storage_location, view_storage
from nntrain.errors import ModuleError
from nntrain.nn.sharing.tie import check_ties

if TYPE_CHECKING:
    from nntrain.nn.module import Module

__all__ = ["flatten_parameters"]

# The stretches of storages that parameters cover, as (key of the storage, start, stop).
Block = tuple[int, int, int]


def flatten_parameters(module: Module) -> tuple[Array, Array]:
    """``get_parameters``. Source of the layout: torch/nn, Module.lua, ``Module.flatten``."""
    check_ties(module)
    parameters, gradients = module.parameters()
    places, grad_places = (
        [get_storage_location(array) for array in parameters],
        [get_storage_location(array) for array in gradients],
    )
    offsets, size = compute_layout(places)
    grad_offsets, grad_size = compute_layout(grad_places)
    check_alignment(size, grad_size, places, grad_places, offsets, grad_offsets)
    flat, views = pack_arrays(parameters, places, offsets, size)
    flat_gradient, grad_views = pack_arrays(gradients, grad_places, grad_offsets, grad_size)
    old = [*parameters, *gradients]
    replace_views(module, {id(array): new for array, new in zip(old, views + grad_views, strict=True)})
    return flat, flat_gradient


def compute_layout(locations: list[StorageLocation]) -> tuple[list[int], int]:
    """Where the first element of each place comes to lie, and the length of the vector.

    Storages follow in order of first appearance, elements in storage order, holes closed.
    """
    blocks = merge_intervals(locations)
    starts: dict[Block, int] = {}
    size = 0
    for block in blocks:
        starts[block] = size
        size += block[2] - block[1]
    return [
        starts[block] + place.offset - block[1] for place in locations for block in [find_block(place, blocks)]
    ], size


def merge_intervals(locations: list[StorageLocation]) -> list[Block]:
    """The stretches covered: per storage the union of the intervals, in order."""
    blocks: list[Block] = []
    for key in dict.fromkeys(place.key for place in locations):
        for start, stop in sorted((place.start, place.stop) for place in locations if place.key == key):
            if blocks and blocks[-1][0] == key and start < blocks[-1][2]:
                blocks[-1] = (key, blocks[-1][1], max(stop, blocks[-1][2]))
            else:
                blocks.append((key, start, stop))
    return blocks


def find_block(location: StorageLocation, blocks: list[Block]) -> Block:
    """The block that contains a position."""
    return next(b for b in blocks if b[0] == location.key and b[1] <= location.start and location.stop <= b[2])


def check_alignment(
    size: int,
    grad_size: int,
    locations: list[StorageLocation],
    grad_locations: list[StorageLocation],
    offsets: list[int],
    grad_offsets: list[int],
) -> None:
    """ModuleError unless every gradient has the position in its vector that its parameter has in the other."""
    for index, place in enumerate(locations):
        if place.stop - place.start != int(np.prod(place.shape)):
            raise ModuleError(
                f"parameter {index} of shape {place.shape} is not compact: it has holes; pass a copy of it"
            )
    if size != grad_size:
        raise ModuleError(
            f"{size} parameters but {grad_size} gradients: check that you are sharing parameters and their gradients"
        )
    for index, (place, grad_place) in enumerate(zip(locations, grad_locations, strict=True)):
        if (offsets[index], place.strides) != (grad_offsets[index], grad_place.strides):
            raise ModuleError(f"misaligned parameter {index}: it and its gradient are not shared alike")


def pack_arrays(
    arrays: list[Array], locations: list[StorageLocation], offsets: list[int], size: int
) -> tuple[Array, list[Array]]:
    """The vector with the values of ``arrays``, and the views of it that take their places."""
    if not arrays:
        return np.empty(0, np.float32), []
    kinds = {array.dtype for array in arrays}
    if len(kinds) > 1:
        raise ModuleError(f"parameters of different types cannot lie in one vector: {sorted(map(str, kinds))}")
    flat = np.empty(size, arrays[0].dtype, like=arrays[0])
    views = []
    for array, place, offset in zip(arrays, locations, offsets, strict=True):
        views.append(view_storage(flat, offset, place.shape, place.strides))
        views[-1][...] = array
    return flat, views


def replace_views(module: Module, new: dict[int, Array]) -> None:
    """Put the new views where the old arrays stood, in every module."""
    for inner in module.list_modules():
        for name, value in list(vars(inner).items()):
            if id(value) in new:
                setattr(inner, name, new[id(value)])
