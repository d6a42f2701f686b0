"""Validation of the values in a checkpoint's states before they are used."""

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from nntrain.errors import CheckpointError

# A nonnegative integer.
COUNT = range(2**63)

# A vector of floats of any length.
VECTOR = np.empty(0)


def validate_state(state: Any, kinds: Mapping[str, Any], owner: str = "data") -> dict[str, Any]:
    """Return the values of a state named in ``kinds``, after checking each against its kind.

    A kind is a type (np.ndarray: an array or list of floats); a mapping (the value is a key of it); a range (the value
    is in it); an array (the value has its type and shape); a list with the kind of all elements; or a tuple of
    alternatives. CheckpointError for the first missing or wrong value, with the ``owner`` of the state.
    """
    if not isinstance(state, Mapping):
        raise CheckpointError(f"{owner}: expected a state, got {format_value(state)}")
    where = f"{owner}: {str(state['type'])[:40]}" if "type" in state else owner
    for name, kind in kinds.items():
        if name not in state:
            raise CheckpointError(f"{where}: {name} is missing")
        if not is_of_kind(state[name], kind):
            raise CheckpointError(f"{where}: {name}: expected {format_kind(kind)}, got {format_value(state[name])}")
    return {name: np.asarray(state[name], float) if kind is np.ndarray else state[name] for name, kind in kinds.items()}


def is_of_kind(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind. Integers count as floats, booleans are not numbers."""
    if type(value) is kind and kind is not np.ndarray:
        return True
    if isinstance(kind, np.ndarray):
        return is_compatible(value, kind)
    if isinstance(kind, tuple):
        return any(is_of_kind(value, one) for one in kind)
    if isinstance(kind, list):
        return isinstance(value, list) and all(is_of_kind(item, kind[0]) for item in value)
    if isinstance(kind, range):
        return isinstance(value, int) and not isinstance(value, bool) and value in kind
    if isinstance(kind, Mapping):
        return isinstance(value, str) and value in kind
    if kind is np.ndarray:
        return is_of_kind(value, list[float]) or is_compatible(value, VECTOR)
    if kind is float:
        return isinstance(value, float) or is_of_kind(value, range(-(2**63), 2**63))
    return is_of_python_type(value, kind)


def is_of_python_type(value: Any, kind: Any) -> bool:
    """Whether a value is of a Python type annotation."""
    origin, arguments = split_type(kind)
    if origin is list:
        return isinstance(value, list) and all(is_of_kind(item, arguments[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(is_of_kind(item, arguments[1]) for item in value.values())
    if origin in (Union, UnionType):
        return any(is_of_kind(value, one) for one in arguments)
    if origin is Literal:
        return isinstance(value, str) and value in arguments
    return kind is Any or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool)))


@cache
def split_type(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return origin and arguments of a type, cached because a table may have thousands of columns."""
    return get_origin(kind), get_args(kind)


def is_compatible(value: Any, array: np.ndarray[Any, Any]) -> bool:
    """Whether a value can replace an array. An axis of size 0 or 1 may be longer."""
    return (
        isinstance(value, np.ndarray)
        and value.ndim == array.ndim
        and np.can_cast(value.dtype, array.dtype, "same_kind")
        and (value.dtype.kind == "f" or array.dtype.kind != "f")
        and all(size in (0, 1, found) for size, found in zip(array.shape, value.shape, strict=True))
    )


def format_kind(kind: Any) -> str:
    """Describe a kind."""
    if isinstance(kind, np.ndarray):
        return f"{kind.dtype.name} of shape {kind.shape}" if kind.size > 1 else f"{kind.dtype.name} numbers"
    if isinstance(kind, tuple):
        return " or ".join(map(format_kind, kind))
    if isinstance(kind, list):
        return f"a list of {format_kind(kind[0])}"
    if isinstance(kind, range):
        return f"an integer from {kind.start} to {kind.stop - 1}"
    if isinstance(kind, Mapping):
        return f"one of {', '.join(kind)}"
    if kind is np.ndarray:
        return "numbers"
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind).removeprefix("typing.")


def format_value(value: Any) -> str:
    """Format the beginning of a value."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype.name} of shape {value.shape}"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
