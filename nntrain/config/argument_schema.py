"""The JSON Schema of a registered class: its name as ``type``, and the arguments of its constructor."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from nntrain.nn.building.factory import get_options
from nntrain.nn.building.spec_validation import is_inferable
from nntrain.nn.criterion import Criterion
from nntrain.nn.layer_reference import get_formula
from nntrain.nn.module import Module
from nntrain.specs.configurable import get_signature, to_plain
from nntrain.specs.type_hints import get_hints

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
    parameters = {key: get_signature(cls).parameters[argument] for key, argument in get_options(cls).items()}
    needed = [key for key, one in parameters.items() if one.default is one.empty and not is_inferable(cls, key)]
    arguments = {key: argument_schema(one, get_hints(cls).get(one.name)) for key, one in parameters.items()}
    return {
        "type": "object",
        "description": get_formula(cls),
        "properties": {"type": {"enum": [name], "description": get_formula(cls)}, **others, **arguments},
        "required": ["type", *needed],
        "additionalProperties": False,
    }


def argument_schema(parameter: inspect.Parameter, hint: Any) -> Node:
    """What one argument may be, with its default."""
    default = parameter.default
    known = {} if default is parameter.empty or default is None else {"default": to_plain(default)}
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
