"""Tied copies of modules that are used several times in a network."""

import copy
from itertools import chain
from typing import Any

from nntrain.errors import ModuleError
from nntrain.nn.building.component_spec import iterate_components
from nntrain.nn.module import Module
from nntrain.nn.module_list import ModuleList
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.sharing.shared_arrays import iterate_array_names
from nntrain.nn.sharing.tie import Tie


def tie_repeated_modules(module: Module, seen: set[int] | None = None, ancestors: tuple[Module, ...] = ()) -> None:
    """Replace each use of a module after the first by a tied copy, because a module stores one output only.

    ``seen``: the ids of the modules before it; ``ancestors``: those around it. ModuleError for a module inside itself,
    and for a second use that is not in the ``modules`` of a container.
    """
    seen = set() if seen is None else seen
    children: Any = getattr(module, "_modules", None)
    if children is None:
        children = module.children()
    else:
        vars(module)["_tied_version"] = ModuleList.version
    seen.add(id(module))
    ancestors = (*ancestors, module)
    for index, child in enumerate(children):
        if id(child) not in seen:
            tie_repeated_modules(child, seen, ancestors)
        elif any(child is outer for outer in ancestors):
            raise ModuleError(f"{child.label()} is inside itself; use a clone() there")
        elif not isinstance(children, ModuleList):
            names = dict.fromkeys(name for inner in child.list_modules() for name in iterate_array_names(inner))
            raise ModuleError(
                f"{child.label()} is used twice, but stores the output of one use; put "
                f"clone({', '.join(map(repr, names))}) into {module.label()}"
            )
        else:
            children[index] = build_tied_copy(child)


def build_tied_copy(module: Module) -> Module:
    """Return a copy that shares parameters, gradients and statistics with ``module``, but not its outputs.

    Modules that are arguments but not inside, such as the pooling of an unpooling, are not copied. ModuleError if
    parameters would not be shared.
    """
    inside = module.list_modules()
    components = (inner for inner in iterate_components(module) if isinstance(inner, Module))
    memo: dict[int, Any] = {id(other): other for other in components if all(other is not inner for inner in inside)}
    for inner in inside:
        inner._tie = inner._tie or Tie()
        memo[id(inner._tie)] = inner._tie
        shared = [getattr(inner, name) for name in iterate_array_names(inner)]
        memo |= {id(array): array for array in chain(shared, *inner.parameters())}
    twin = copy.deepcopy(module, memo)
    for inner in twin.list_modules():
        for name in ("gives_grad_input", "unset_gradients"):
            vars(inner).pop(name, None)
        inner.clear_shared_state()
    for ours, theirs in zip(module.parameters(), twin.parameters(), strict=True):
        if list(map(get_memory_key, ours)) != list(map(get_memory_key, theirs)):
            raise ModuleError(f"{module.label()} cannot be used twice: its parameters are not attributes")
    return twin
