"""The JSON Schema of a registered class: its name as ``type``, and the arguments of its constructor."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from nntrain.nn.criterion import Criterion
from nntrain.nn.hints import hints
from nntrain.nn.module import Module
from nntrain.nn.recorded import plain, signature
from nntrain.nn.reference import formula
from nntrain.nn.spec_check import can_follow
from nntrain.optim.registered import options

__all__ = ["class_schema"]

Node = dict[str, Any]

PLAIN: dict[Any, Node] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    str: {"type": "string"},
}


def class_schema(name: str, cls: type[Any], others: Node) -> Node:
    """The table that makes a ``cls``, called ``name`` in a config. ``others``: its keys that are no arguments."""
    parameters = {key: signature(cls).parameters[argument] for key, argument in options(cls).items()}
    needed = [key for key, one in parameters.items() if one.default is one.empty and not can_follow(cls, key)]
    arguments = {key: argument_schema(one, hints(cls).get(one.name)) for key, one in parameters.items()}
    return {
        "type": "object",
        "description": formula(cls),
        "properties": {"type": {"enum": [name], "description": formula(cls)}, **others, **arguments},
        "required": ["type", *needed],
        "additionalProperties": False,
    }


def argument_schema(parameter: inspect.Parameter, hint: Any) -> Node:
    """What one argument may be, with its default."""
    default = parameter.default
    known = {} if default is parameter.empty or default is None else {"default": plain(default)}
    return {**hint_schema(hint), **known}


def hint_schema(hint: Any) -> Node:
    """What an annotation asks for. TOML has neither None nor functions; one that says nothing to JSON allows all."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        sayable = [one for one in get_args(hint) if one is not types.NoneType and get_origin(one) is not Callable]
        choices = [hint_schema(choice) for choice in sayable]
        distinct = [choice for index, choice in enumerate(choices) if choice not in choices[:index]]
        return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin in (list, tuple, Sequence):
        return {"type": "array", "items": hint_schema(get_args(hint)[0])}
    if origin is np.ndarray:
        return {"type": "array"}
    if origin is dict:
        return {"type": "object"}
    if isinstance(hint, type) and issubclass(hint, Module | Criterion):
        return {"$ref": f"#/definitions/{'module' if issubclass(hint, Module) else 'criterion'}"}
    return dict(PLAIN.get(hint, {}))
