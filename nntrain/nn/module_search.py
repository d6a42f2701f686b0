"""Search for modules of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nntrain.nn.module import Module


def find_modules(kind: str | type[Module], module: Module, parent: Module) -> tuple[list[Module], list[Module]]:
    """Return all modules of exactly that class or name in preorder, and the parent of each."""
    here = type(module).__name__ == kind if isinstance(kind, str) else type(module) is kind
    nodes, parents = ([module], [parent]) if here else ([], [])
    for child in module.children():
        inner, containers = find_modules(kind, child, module)
        nodes, parents = nodes + inner, parents + containers
    return nodes, parents
