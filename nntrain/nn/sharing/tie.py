"""Identification of the uses of one module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntrain.compute.array import Array
from nntrain.errors import ModuleError
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.sharing.shared_arrays import iterate_array_names

if TYPE_CHECKING:
    from nntrain.nn.module import Module


class Tie:
    """A marker shared by all uses of one module; a copy of the network gets its own."""


def check_ties(network: Module) -> None:
    """Raise ModuleError if the uses of a module no longer share an array, because one attribute was set."""
    first: dict[Tie, Module] = {}
    for module in network.list_modules():
        if module._tie is not None:
            other = first.setdefault(module._tie, module)
            for name in dict.fromkeys((*iterate_array_names(other), *iterate_array_names(module))):
                if not is_same_memory(getattr(other, name, None), getattr(module, name, None)):
                    raise ModuleError(
                        f"{module.label()} is used twice, but its uses no longer share {name!r}; write into the array "
                        "instead of setting the attribute"
                    )


def is_same_memory(a: Array | None, b: Array | None) -> bool:
    """Whether two arrays have the same memory."""
    return a is b or (a is not None and b is not None and get_memory_key(a) == get_memory_key(b))
