"""What the places of one module have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntrain.compute.array import Array
from nntrain.errors import ModuleError
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.sharing.shared_arrays import iterate_array_names

if TYPE_CHECKING:
    from nntrain.nn.module import Module

__all__ = ["Tie", "check_ties"]


class Tie:
    """One object that all places of a module keep, and no other module: a copy of the network has one of its own."""


def check_ties(network: Module) -> None:
    """ModuleError if the places of a module no longer share an array, as when the attribute was set in one of them."""
    first: dict[Tie, Module] = {}
    for module in network.list_modules():
        if module._tie is not None:
            other = first.setdefault(module._tie, module)
            for name in dict.fromkeys((*iterate_array_names(other), *iterate_array_names(module))):
                if not is_same_memory(getattr(other, name, None), getattr(module, name, None)):
                    raise ModuleError(
                        f"{module.label()} is in two places that no longer share {name!r}; write into the array "
                        "instead of setting the attribute"
                    )


def is_same_memory(a: Array | None, b: Array | None) -> bool:
    """Whether two arrays are in one memory."""
    return a is b or (a is not None and b is not None and get_memory_key(a) == get_memory_key(b))
