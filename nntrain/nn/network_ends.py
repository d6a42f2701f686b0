"""The first and last modules of a network."""

from typing import Any

from nntrain.errors import UnknownNameError
from nntrain.nn.building.spec_validation import find_class
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module

# Implementations that return the output of the last module inside.
PASS_THROUGH = (Sequential.update_output, Decorator.update_output)


def find_last_module(model: Module) -> Module:
    """Return the last module of a network, inside nested Sequential and Decorator modules."""
    while type(model).update_output in PASS_THROUGH and model.children():
        model = model.children()[-1]
    return model


def find_end_class(spec: dict[str, Any], end: int) -> type[Module]:
    """Return the class of the first (end 0) or the last module (−1) in the spec of a chain; Module if unknown."""
    try:
        cls = find_class(str(spec.get("type")), "module")
    except UnknownNameError:
        return Module
    if cls.update_output not in PASS_THROUGH:
        return cls
    inside = spec["modules"] if spec.get("modules") else [spec.get("module")]
    inner = inside[end] if isinstance(inside, list | tuple) else None
    return find_end_class(inner, end) if isinstance(inner, dict) else cls
