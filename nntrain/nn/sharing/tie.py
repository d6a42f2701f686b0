"""Identification of the uses of one module."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
                a, b = getattr(other, name, None), getattr(module, name, None)
                if a is not b and (a is None or b is None or get_memory_key(a) != get_memory_key(b)):
                    raise ModuleError(
                        f"{module.label()} is used twice, but its uses no longer share {name!r}; write into the array "
                        "instead of setting the attribute"
                    )
