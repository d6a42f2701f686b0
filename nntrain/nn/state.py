"""What a network must remember, as a tree of arrays and JSON values; what is shared stays shared."""

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
from nntrain.nn.bases.noise import Noise
from nntrain.nn.building.builder import MAX_MODULES
from nntrain.nn.flatten import find_block, merge_intervals
from nntrain.nn.sharing.tie import Tie, check_ties

if TYPE_CHECKING:
    from nntrain.nn.module import Module

__all__ = [
    "build_state",
    "count_elements",
    "is_gradient",
    "named_arrays",
    "named_modules",
    "restore_state",
    "update_state",
]

# How many times parameters may share their memory, on average.
MAX_SHARING = 1000


def build_state(module: Module) -> dict[str, Any]:
    """The state of a network: parameters, buffers and the streams of its noise.

    ``blocks``: stretches of memory, each under the name of the first array in it and, if that covers all of it,
    in that array's shape. ``views``: every array as [block, offset, shape, strides] (in elements). ``gradients``:
    the sizes of the blocks that hold gradients, whose values are not kept. ``sizes``: children per container.
    """
    check_ties(module)
    named = list(named_arrays(module))
    lies = [get_storage_location(array) for _, array in named]
    tree: dict[str, Any] = {"type": module.type(), "blocks": {}, "gradients": {}, "views": {}}
    blocks = merge_intervals(lies)
    names: dict[tuple[int, int, int], str] = {}
    for (name, array), place in zip(named, lies, strict=True):
        block = find_block(place, blocks)
        if block not in names:
            names[block] = name
            add_block(tree, name, array, place, block)
        tree["views"][name] = [names[block], place.offset - block[1], list(place.shape), list(place.strides)]
    tree["streams"] = get_stream_states(module)
    tree["sizes"] = {place: len(inner.children()) for place, inner in named_modules(module) if inner.children()}
    return tree


def update_state(tree: dict[str, Any], module: Module) -> None:
    """Make a state of a network, all of whose arrays still lie where they lay, what it would be now; in its memory."""
    arrays = dict(named_arrays(module))
    for name, block in tree["blocks"].items():
        place, (_, offset, _, _) = get_storage_location(arrays[name]), tree["views"][name]
        start = place.offset - offset
        np.copyto(block.reshape(-1), place.storage[start : start + block.size])
    tree["streams"] = get_stream_states(module)


def get_stream_states(module: Module) -> dict[str, Any]:
    """The streams of a network's noise, by place."""
    return {
        place: random.get_stream_state(inner.generator)
        for place, inner in named_modules(module)
        if isinstance(inner, Noise)
    }


def add_block(
    tree: dict[str, Any], name: str, array: Array, place: StorageLocation, block: tuple[int, int, int]
) -> None:
    """Enter one block: a gradient's by size and type, any other with its values."""
    memory = place.storage[block[1] : block[2]]
    if is_gradient(name):
        tree["gradients"][name] = [memory.size, memory.dtype.name]
    else:
        whole = array.flags.c_contiguous and array.size == memory.size
        tree["blocks"][name] = (array if whole else memory).copy()


def restore_state(module: Module, tree: dict[str, Any]) -> None:
    """Put a state back into a network of the same spec. Afterwards no array is in an older flat vector.

    CheckpointError if the state is not one of such a network, which is then as it was.
    """
    try:
        resize_containers(module, tree["sizes"])
        modules = dict(named_modules(module))
        arrays = restore_arrays(module, tree)
        streams = {place: random.restore_stream(stream) for place, stream in tree["streams"].items()}
        kind = parse_dtype(tree["type"]).name
    except (ArgumentError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"not the state of a network: {type(error).__name__}: {error}") from error
    for place in streams:
        if not isinstance(modules.get(place), Noise):
            raise CheckpointError(f"the state has a stream of noise for {place!r}, which draws none")
    placed: dict[Any, list[Module]] = {}
    for inner in modules.values():
        placed.setdefault(inner._tie or inner, []).append(inner)
    for name, array in arrays.items():
        place, _, attribute = name.rpartition(".")
        for inner in placed[modules[place]._tie or modules[place]]:
            setattr(inner, attribute, array)
    for place, inner in modules.items():
        inner._type = kind
        if isinstance(inner, Noise) and place in streams:
            inner.generator = streams[place]


def count_elements(tree: dict[str, Any]) -> int:
    """How many numbers the parameters and buffers of a state are at most, as far as there is memory for them.

    CheckpointError if they share it more than SHARED times: constructors go through all of them.
    """
    sizes = {name: np.asarray(block).size for name, block in tree["blocks"].items()}
    declared = (place for name, place in tree["views"].items() if not is_gradient(name))
    elements = sum(min(math.prod(shape), sizes.get(block, 0)) for block, _, shape, _ in declared)
    stored = sum(sizes.values())
    if elements > FREE_ELEMENTS + MAX_SHARING * stored:
        raise CheckpointError(f"parameters of {elements:,} numbers share {stored:,}; the file may be malicious")
    return elements


def is_gradient(name: str) -> bool:
    """Whether an array of ``named_arrays`` is a gradient, whose values a file does not have."""
    return name.rpartition(".")[2].startswith("grad_")


def restore_arrays(module: Module, tree: dict[str, Any]) -> dict[str, Array]:
    """Every array of a state by name. CheckpointError unless they are those of the network, in its shapes."""
    ours = dict(named_arrays(module))
    for name in sorted(set(tree["views"]) ^ set(ours)):
        raise CheckpointError(f"the state and the network differ in {name!r}: only one has it")
    rooms = dict.fromkeys(tree["gradients"], 0)
    for name, (block, _, shape, _) in tree["views"].items():
        if tuple(shape) != ours[name].shape:
            raise CheckpointError(f"{name!r} has shape {tuple(shape)} in the state, {ours[name].shape} in the network")
        if block in rooms:
            rooms[block] += ours[name].size
    memory = {name: np.array(block).reshape(-1) for name, block in tree["blocks"].items()}
    stored = sum(block.size for block in memory.values())
    slopes = sum(size for size, _ in tree["gradients"].values())
    if slopes > get_allowed_elements(stored):
        raise CheckpointError(
            f"gradients of {slopes:,} numbers for parameters of {stored:,}; the file may be malicious"
        )
    for name, (size, dtype) in tree["gradients"].items():
        if size > rooms[name]:
            raise CheckpointError(f"{name!r} declares {size:,} numbers of gradients for parameters of {rooms[name]:,}")
        memory[name] = np.zeros(size, parse_dtype(dtype))
    return {name: view_block(name, memory, *place) for name, place in tree["views"].items()}


def view_block(
    name: str, memory: dict[str, Array], block: str, offset: int, shape: list[int], strides: list[int]
) -> Array:
    """One array as the view of its block. CheckpointError if it would lie outside."""
    try:
        return view_storage(memory[block], offset, tuple(shape), tuple(strides))
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{name!r} does not lie in its block {block!r}") from error


def resize_containers(module: Module, sizes: dict[str, int]) -> None:
    """Bring containers that grow in use to the size that they had."""
    if sum(sizes.values()) > MAX_MODULES:
        raise CheckpointError(f"the state is one of {sum(sizes.values()):,} modules, more than {MAX_MODULES:,}")
    found = dict(named_modules(module))
    for place, size in sizes.items():
        inner = found.get(place)
        if inner is None:
            raise CheckpointError(f"the state has a container at {place!r}, the network has none")
        if len(inner.children()) != size:
            if not hasattr(inner, "resize"):
                raise CheckpointError(f"{place!r}: the state has {size} modules, the network {len(inner.children())}")
            inner.resize(size)
            found |= dict(named_modules(inner, place))


def named_modules(module: Module, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Module]]:
    """Every module once, with its place: the positions on the way there joined by dots, "" for the outermost."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    yield path, module
    for index, child in enumerate(module.children()):
        yield from named_modules(child, f"{path}.{index}" if path else str(index), seen)


def named_arrays(module: Module) -> Iterator[tuple[str, Array]]:
    """Every parameter, gradient and buffer under its place and attribute: ``0.2.weight``.

    Those of a module in several places once, under the first.
    """
    met: set[Tie] = set()
    for place, inner in named_modules(module):
        if inner._tie in met:
            continue
        if inner._tie is not None:
            met.add(inner._tie)
        names = [name for name in inner.parameter_names if getattr(inner, name, None) is not None]
        for name in (*names, *(f"grad_{name}" for name in names), *inner.buffer_names):
            if getattr(inner, name, None) is not None:
                yield f"{place}.{name}" if place else name, getattr(inner, name)
