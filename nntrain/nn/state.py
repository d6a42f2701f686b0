"""The state of a network as a tree of arrays and JSON values, with sharing preserved."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.compute import random
from nntrain.compute.allocation_budget import FREE_ELEMENTS, get_allowed_elements
from nntrain.compute.array import Array, parse_dtype
from nntrain.compute.storage_location import StorageLocation, get_storage_location, view_storage
from nntrain.errors import ArgumentError, CheckpointError
from nntrain.nn.building.component_spec import MAX_MODULES
from nntrain.nn.flatten import Block, find_block, merge_intervals
from nntrain.nn.sharing.tie import Tie, check_ties

if TYPE_CHECKING:
    from nntrain.nn.module import Module

# Maximum ratio of parameters to stored numbers, for parameters that share memory.
MAX_SHARING = 1000


def build_state(module: Module) -> dict[str, Any]:
    """Return the state of a network: parameters, buffers and random streams.

    ``blocks``: contiguous memory, under the name of the first array in it and, if that array covers all of it, in its
    shape. ``views``: every array as [block, offset, shape, strides] (in elements). ``gradients``: the sizes of blocks
    of gradients, whose values are not saved. ``sizes``: number of children per container.
    """
    check_ties(module)
    named = list(named_arrays(module))
    locations = [get_storage_location(array) for _, array in named]
    tree: dict[str, Any] = {"type": module.type(), "blocks": {}, "gradients": {}, "views": {}}
    blocks = merge_intervals(locations)
    names: dict[Block, str] = {}
    for (name, array), location in zip(named, locations, strict=True):
        block = find_block(location, blocks)
        if block not in names:
            names[block] = name
            add_block(tree, name, array, location, block)
        offset = location.offset - block[1]
        tree["views"][name] = [names[block], offset, list(location.shape), list(location.strides)]
    tree["streams"] = get_stream_states(module)
    tree["sizes"] = {path: len(inner.children()) for path, inner in named_modules(module) if inner.children()}
    return tree


def update_state(tree: dict[str, Any], module: Module) -> None:
    """Update a state of a network in place; its arrays must not have moved since ``build_state``."""
    arrays = dict(named_arrays(module))
    for name, block in tree["blocks"].items():
        location, (_, offset, _, _) = get_storage_location(arrays[name]), tree["views"][name]
        start = location.offset - offset
        np.copyto(block.reshape(-1), location.storage[start : start + block.size])
    tree["streams"] = get_stream_states(module)


def get_stream_states(module: Module) -> dict[str, Any]:
    """Return the states of a network's random streams by module path."""
    return {path: random.get_stream_state(inner.generator) for path, inner in named_noise(module)}


def named_noise(module: Module) -> Iterator[tuple[str, Any]]:
    """Iterate over (path, module) of the modules with a random stream."""
    return ((path, inner) for path, inner in named_modules(module) if inner.is_stochastic)


def add_block(tree: dict[str, Any], name: str, array: Array, location: StorageLocation, block: Block) -> None:
    """Add one block: a gradient's as size and type, any other with its values."""
    memory = location.storage[block[1] : block[2]]
    if is_gradient(name):
        tree["gradients"][name] = [memory.size, memory.dtype.name]
    else:
        covers_all = array.flags.c_contiguous and array.size == memory.size
        tree["blocks"][name] = (array if covers_all else memory).copy()


def restore_state(module: Module, tree: dict[str, Any]) -> None:
    """Load a state into a network of the same spec. All arrays are new, so earlier flat vectors are obsolete.

    CheckpointError if the state does not match; the network is then unchanged.
    """
    try:
        resize_containers(module, tree["sizes"])
        modules = dict(named_modules(module))
        arrays = restore_arrays(module, tree)
        streams = {path: random.restore_stream(stream) for path, stream in tree["streams"].items()}
        dtype = parse_dtype(tree["type"]).name
    except (ArgumentError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"not the state of a network: {type(error).__name__}: {error}") from error
    for path in streams:
        if not getattr(modules.get(path), "is_stochastic", False):
            raise CheckpointError(f"the state has a random stream for {path!r}, which has none in the network")
    uses: dict[Any, list[Module]] = {}
    for inner in modules.values():
        uses.setdefault(inner._tie or inner, []).append(inner)
    for name, array in arrays.items():
        path, _, attribute = name.rpartition(".")
        for inner in uses[modules[path]._tie or modules[path]]:
            setattr(inner, attribute, array)
    for inner in modules.values():
        inner._type = dtype
    for path, noise in named_noise(module):
        noise.generator = streams.get(path, noise.generator)


def count_elements(tree: dict[str, Any]) -> int:
    """Return the number of elements of all parameters and buffers of a state, as far as it has memory for them.

    CheckpointError if sharing exceeds MAX_SHARING, because constructors process every element.
    """
    sizes = {name: np.asarray(block).size for name, block in tree["blocks"].items()}
    declared = (view for name, view in tree["views"].items() if not is_gradient(name))
    elements = sum(min(math.prod(shape), sizes.get(block, 0)) for block, _, shape, _ in declared)
    stored = sum(sizes.values())
    if elements > FREE_ELEMENTS + MAX_SHARING * stored:
        raise CheckpointError(f"parameters of {elements:,} numbers share {stored:,}; the file may be malicious")
    return elements


def is_gradient(name: str) -> bool:
    """Whether an array of ``named_arrays`` is a gradient, whose values are not saved."""
    return name.rpartition(".")[2].startswith("grad_")


def restore_arrays(module: Module, tree: dict[str, Any]) -> dict[str, Array]:
    """Return the arrays of a state by name. CheckpointError unless names and shapes match the network."""
    ours = dict(named_arrays(module))
    for name in sorted(set(tree["views"]) ^ set(ours)):
        raise CheckpointError(f"{name!r} is only in the {'state' if name in tree['views'] else 'network'}")
    room = dict.fromkeys(tree["gradients"], 0)
    for name, (block, _, shape, _) in tree["views"].items():
        if tuple(shape) != ours[name].shape:
            raise CheckpointError(f"{name!r} has shape {tuple(shape)} in the state, {ours[name].shape} in the network")
        if block in room:
            room[block] += ours[name].size
    memory = {name: np.array(block).reshape(-1) for name, block in tree["blocks"].items()}
    stored = sum(block.size for block in memory.values())
    gradients = sum(size for size, _ in tree["gradients"].values())
    if gradients > get_allowed_elements(stored):
        sizes = f"gradients of {gradients:,} numbers for parameters of {stored:,}"
        raise CheckpointError(f"{sizes}; the file may be malicious")
    for name, (size, dtype) in tree["gradients"].items():
        if size > room[name]:
            raise CheckpointError(f"{name!r} declares {size:,} numbers of gradients for parameters of {room[name]:,}")
        memory[name] = np.zeros(size, parse_dtype(dtype))
    return {name: view_block(name, memory, *view) for name, view in tree["views"].items()}


def view_block(
    name: str, memory: dict[str, Array], block: str, offset: int, shape: list[int], strides: list[int]
) -> Array:
    """Return one array as a view of its block. CheckpointError if it is outside."""
    try:
        return view_storage(memory[block], offset, tuple(shape), tuple(strides))
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{name!r} is not inside its block {block!r}") from error


def resize_containers(module: Module, sizes: dict[str, int]) -> None:
    """Resize containers that grow in use."""
    if sum(sizes.values()) > MAX_MODULES:
        raise CheckpointError(f"the state has {sum(sizes.values()):,} modules, more than {MAX_MODULES:,}")
    found = dict(named_modules(module))
    for path, size in sizes.items():
        inner = found.get(path)
        if inner is None:
            raise CheckpointError(f"the state has a container at {path!r}, the network has none")
        if len(inner.children()) != size:
            if not hasattr(inner, "resize"):
                raise CheckpointError(f"{path!r}: the state has {size} modules, the network {len(inner.children())}")
            inner.resize(size)
            found |= dict(named_modules(inner, path))


def named_modules(module: Module, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Module]]:
    """Iterate over (path, module), each module once; a path joins indices by dots, "" is the outermost."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    yield path, module
    for index, child in enumerate(module.children()):
        yield from named_modules(child, f"{path}.{index}" if path else str(index), seen)


def named_arrays(module: Module) -> Iterator[tuple[str, Array]]:
    """Iterate over every parameter, gradient and buffer by path and attribute: ``0.2.weight``.

    Those of a module that is used several times occur once, at its first path.
    """
    seen: set[Tie] = set()
    for path, inner in named_modules(module):
        if inner._tie in seen:
            continue
        if inner._tie is not None:
            seen.add(inner._tie)
        names = [name for name in inner.parameter_names if getattr(inner, name, None) is not None]
        for name in (*names, *(f"grad_{name}" for name in names), *inner.buffer_names):
            if getattr(inner, name, None) is not None:
                yield f"{path}.{name}" if path else name, getattr(inner, name)
