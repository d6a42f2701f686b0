"""Validation of JSON values against the type annotations of constructors."""

import types
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from nntrain.specs.configurable import Configurable

WORDS = {int: "an integer", float: "a number", bool: "a boolean", str: "a string"}


def get_hints(cls: type) -> dict[str, Any]:
    """Return the evaluated annotations of a class's constructor; empty if that fails."""
    return get_constructor_hints(cls.__init__)  # type: ignore[misc]


@cache
def get_constructor_hints(constructor: Callable[..., None]) -> dict[str, Any]:
    """Return the cached hints of a constructor."""
    try:
        return get_type_hints(constructor)
    except (NameError, TypeError):
        return {}


def is_of_type(value: Any, hint: Any) -> bool:
    """Whether a value is of type ``hint``. Specs count as components, lists as arrays; unknown hints accept all."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return any(is_of_type(value, choice) for choice in get_args(hint))
    if origin is Literal:
        return value in get_args(hint)
    if hint in (int, float):
        return isinstance(value, (int, hint)) and not isinstance(value, bool)
    if hint in (bool, str, type(None)):
        return isinstance(value, hint)
    if origin is Callable:
        return callable(value)
    if origin is dict:
        return isinstance(value, dict)
    if origin in (list, tuple, Sequence):
        return isinstance(value, list | tuple) and all(is_of_type(item, get_args(hint)[0]) for item in value)
    if isinstance(hint, type) and issubclass(hint, Configurable):
        return isinstance(value, dict | Configurable)
    return True


def format_hint(hint: Any) -> str:
    """Describe a hint: "an integer or a list"."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(format_hint(choice) for choice in get_args(hint) if choice is not type(None)))
    if origin is Literal:
        return "one of " + ", ".join(repr(choice) for choice in get_args(hint))
    if origin in (Callable, dict):
        return "a function" if origin is Callable else "a table"
    if origin in (list, tuple, Sequence):
        inner = get_args(hint)[0]
        return "a list of modules" if isinstance(inner, type) and issubclass(inner, Configurable) else "a list"
    if isinstance(hint, type) and issubclass(hint, Configurable):
        return "a table with a 'type'"
    return WORDS.get(hint, "an array" if origin else str(getattr(hint, "__name__", hint)))
