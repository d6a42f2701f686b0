"""The module in which a network ends."""

from __future__ import annotations

from typing import Any

from nntrain.errors import UnknownNameError
from nntrain.nn.building.spec_validation import find_class
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module

__all__ = ["find_first_class", "find_last_class", "find_last_module"]

# The passes that give on the output of the last module inside as it is.
PASS_THROUGH = (Sequential.update_output, Decorator.update_output)


def find_last_module(model: Module) -> Module:
    """The last module of a chain of modules, also where it is a subclass of Sequential or within a Decorator."""
    while type(model).update_output in PASS_THROUGH and model.children():
        model = model.children()[-1]
    return model


def find_last_class(spec: dict[str, Any]) -> type[Module]:
    """The class of the last module of a chain that a spec describes; Module where it names none that is known."""
    return find_end_class(spec, -1)


def find_first_class(spec: dict[str, Any]) -> type[Module]:
    """The class of the first module of a chain that a spec describes; Module where it names none that is known."""
    return find_end_class(spec, 0)


def find_end_class(spec: dict[str, Any], end: int) -> type[Module]:
    """The class at one end of a chain."""
    try:
        cls = find_class(str(spec.get("type")), "module")
    except UnknownNameError:
        return Module
    if cls.update_output not in PASS_THROUGH:
        return cls
    inside = spec["modules"] if spec.get("modules") else [spec.get("module")]
    return (
        find_end_class(inside[end], end) if isinstance(inside, list | tuple) and isinstance(inside[end], dict) else cls
    )
