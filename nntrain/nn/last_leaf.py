"""The module in which a network ends."""

from __future__ import annotations

from typing import Any

from nntrain.errors import UnknownNameError
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module
from nntrain.nn.spec_check import class_of

__all__ = ["first_class", "last_class", "last_leaf"]

# The passes that give on the output of the last module inside as it is.
PASSING = (Sequential.update_output, Decorator.update_output)


def last_leaf(model: Module) -> Module:
    """The last module of a chain of modules, also where it is a subclass of Sequential or within a Decorator."""
    while type(model).update_output in PASSING and model.children():
        model = model.children()[-1]
    return model


def last_class(spec: dict[str, Any]) -> type[Module]:
    """The class of the last module of a chain that a spec describes; Module where it names none that is known."""
    return end_class(spec, -1)


def first_class(spec: dict[str, Any]) -> type[Module]:
    """The class of the first module of a chain that a spec describes; Module where it names none that is known."""
    return end_class(spec, 0)


def end_class(spec: dict[str, Any], end: int) -> type[Module]:
    """The class at one end of a chain."""
    try:
        cls = class_of(str(spec.get("type")), "module")
    except UnknownNameError:
        return Module
    if cls.update_output not in PASSING:
        return cls
    inside = spec["modules"] if spec.get("modules") else [spec.get("module")]
    return end_class(inside[end], end) if isinstance(inside, list | tuple) and isinstance(inside[end], dict) else cls
