"""One module in several places of a network."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from nntrain.compute.array import Array
from nntrain.errors import ModuleError
from nntrain.nn.building.component_spec import iterate_components
from nntrain.nn.module import Module
from nntrain.nn.module_list import ModuleList
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.sharing.shared_arrays import iterate_array_names
from nntrain.nn.sharing.tie import Tie

__all__ = ["build_tied_copy", "tie_repeated_modules"]


def tie_repeated_modules(network: Module) -> None:
    """Put a twin wherever a module is met again inside ``network``: a module keeps the output of its last pass alone.

    ModuleError for a module inside itself, and for a second place that is not in the ``modules`` of a container.
    """
    tie_modules_below(network, set(), [])


def tie_modules_below(module: Module, met: set[int], around: list[Module]) -> None:
    """``handle_divergence`` below a module that was not met before. ``around`` are those that it is inside."""
    children: Any = getattr(module, "_modules", None)
    if children is None:
        children = module.children()
    else:
        vars(module)["_settled"] = ModuleList.version
    met.add(id(module))
    around.append(module)
    for index, child in enumerate(children):
        if id(child) not in met:
            tie_modules_below(child, met, around)
        elif any(child is outer for outer in around):
            raise ModuleError(f"{child.label()} is inside itself; put a clone() there")
        elif not isinstance(children, ModuleList):
            raise ModuleError(
                f"{child.label()} is in two places, but keeps the output of one; put {format_clone_call(child)} "
                f"into {module.label()}"
            )
        else:
            children[index] = build_tied_copy(child)
    around.pop()


def format_clone_call(module: Module) -> str:
    """The call that makes a clone which shares whatever ``module`` learns."""
    names = dict.fromkeys(name for inner in module.list_modules() for name in iterate_array_names(inner))
    return f"clone({', '.join(map(repr, names))})"


def build_tied_copy(module: Module) -> Module:
    """A module that computes in memory of its own, with the parameters, gradients and buffers of ``module``.

    Modules that are named but not inside, as an unpooling names its pooling, stay the same. ModuleError if parameters
    would not be shared.
    """
    inside = module.list_modules()
    memo: dict[int, Any] = {id(other): other for other in find_external_modules(module, inside)}
    for inner in inside:
        inner._tie = inner._tie or Tie()
        memo[id(inner._tie)] = inner._tie
        memo |= {id(array): array for array in iterate_tied_arrays(inner)}
    twin = copy.deepcopy(module, memo)
    for inner in twin.list_modules():
        for name in ("gives_grad_input", "fresh"):
            vars(inner).pop(name, None)
        inner.clear_shared_state()
    for ours, theirs in zip(module.parameters(), twin.parameters(), strict=True):
        if list(map(get_memory_key, ours)) != list(map(get_memory_key, theirs)):
            raise ModuleError(f"{module.label()} cannot be in two places: its parameters are not its attributes")
    return twin


def find_external_modules(module: Module, inside: list[Module]) -> Iterator[Module]:
    """The modules that arguments name but that are not inside."""
    own = set(map(id, inside))
    for component in iterate_components(module):
        if isinstance(component, Module) and id(component) not in own:
            yield component


def iterate_tied_arrays(module: Module) -> Iterator[Array]:
    """What the places of a module share."""
    yield from (getattr(module, name) for name in iterate_array_names(module))
    for arrays in module.parameters():
        yield from arrays
