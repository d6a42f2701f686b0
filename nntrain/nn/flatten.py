"""Flatten all parameters into one vector and all gradients into another, with the arrays as views."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.storage_location import StorageLocation, get_storage_location, view_storage
from nntrain.errors import ModuleError
from nntrain.nn.sharing.tie import check_ties

if TYPE_CHECKING:
    from nntrain.nn.module import Module

# A contiguous range of a storage that arrays cover, as (key of the storage, start, stop).
Block = tuple[int, int, int]


class VectorLayout(NamedTuple):
    """Where arrays are now, the offset of each in a vector, and the length of the vector."""

    locations: list[StorageLocation]
    offsets: list[int]
    size: int


def flatten_parameters(module: Module) -> tuple[Array, Array]:
    """Implement ``Module.get_parameters``. Layout as in torch/nn, Module.lua, ``Module.flatten``."""
    check_ties(module)
    parameters, gradients = module.parameters()
    layout, grad_layout = compute_layout(parameters), compute_layout(gradients)
    check_alignment(layout, grad_layout)
    flat, views = pack_arrays(parameters, layout)
    flat_gradient, grad_views = pack_arrays(gradients, grad_layout)
    new = {id(array): view for array, view in zip([*parameters, *gradients], views + grad_views, strict=True)}
    for inner in module.list_modules():
        for name, value in list(vars(inner).items()):
            if id(value) in new:
                setattr(inner, name, new[id(value)])
    return flat, flat_gradient


def compute_layout(arrays: list[Array]) -> VectorLayout:
    """Lay out arrays: storages in order of first appearance, elements in storage order, without gaps."""
    locations = list(map(get_storage_location, arrays))
    blocks = merge_intervals(locations)
    starts: dict[Block, int] = {}
    size = 0
    for block in blocks:
        starts[block] = size
        size += block[2] - block[1]
    found = [(location, find_block(location, blocks)) for location in locations]
    offsets = [starts[block] + location.offset - block[1] for location, block in found]
    return VectorLayout(locations, offsets, size)


def merge_intervals(locations: list[StorageLocation]) -> list[Block]:
    """Return the covered blocks: the union of the intervals of each storage, in order."""
    blocks: list[Block] = []
    for key in dict.fromkeys(location.key for location in locations):
        for start, stop in sorted((found.start, found.stop) for found in locations if found.key == key):
            if blocks and blocks[-1][0] == key and start < blocks[-1][2]:
                blocks[-1] = (key, blocks[-1][1], max(stop, blocks[-1][2]))
            else:
                blocks.append((key, start, stop))
    return blocks


def find_block(location: StorageLocation, blocks: list[Block]) -> Block:
    """Return the block that contains an array."""
    return next(b for b in blocks if b[0] == location.key and b[1] <= location.start and location.stop <= b[2])


def check_alignment(layout: VectorLayout, grad_layout: VectorLayout) -> None:
    """Raise ModuleError unless each parameter and its gradient have the same offset and strides in their vectors."""
    for index, location in enumerate(layout.locations):
        if location.stop - location.start != int(np.prod(location.shape)):
            raise ModuleError(f"parameter {index} of shape {location.shape} is not contiguous; use a copy of it")
    if layout.size != grad_layout.size:
        sizes = f"{layout.size} parameters but {grad_layout.size} gradients"
        raise ModuleError(f"{sizes}; share parameters together with their gradients")
    for index, (location, grad_location) in enumerate(zip(layout.locations, grad_layout.locations, strict=True)):
        same_offset = layout.offsets[index] == grad_layout.offsets[index]
        if not same_offset or location.strides != grad_location.strides:
            raise ModuleError(f"misaligned parameter {index}: share its gradient in the same way")


def pack_arrays(arrays: list[Array], layout: VectorLayout) -> tuple[Array, list[Array]]:
    """Return a vector with the values of ``arrays``, and the views of it that replace them."""
    if not arrays:
        return np.empty(0, np.float32), []
    dtypes = {array.dtype for array in arrays}
    if len(dtypes) > 1:
        raise ModuleError(f"expected parameters of one element type, got {', '.join(sorted(map(str, dtypes)))}")
    flat = np.empty(layout.size, arrays[0].dtype, like=arrays[0])
    views = []
    for array, location, offset in zip(arrays, layout.locations, layout.offsets, strict=True):
        views.append(view_storage(flat, offset, location.shape, location.strides))
        views[-1][...] = array
    return flat, views
