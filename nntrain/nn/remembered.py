"""What a checkpoint says that something remembers is of the right kinds before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from nntrain.errors import CheckpointError

__all__ = ["COUNT", "VECTOR", "like", "remembered"]

# A whole number that something is counted with.
COUNT = range(2**63)

# Floats in a row, however many.
VECTOR = np.empty(0)


def remembered(state: Any, kinds: Mapping[str, Any], part: str = "data") -> dict[str, Any]:
    """The values of a state under the names of ``kinds``, each of the kind that is told there.

    A kind is a type, of which np.ndarray stands for an array or list of floats; a mapping of which it is a key; a
    range that it is in; an array that it is like; a list of one kind; or a tuple of kinds of which it has one.
    CheckpointError that names the first which is missing or of another kind, and the ``part`` whose state it is.
    """
    if not isinstance(state, Mapping):
        raise CheckpointError(f"{part}: expected its state, got {shown(state)}")
    where = f"{part}: {str(state['type'])[:40]}" if "type" in state else part
    for name, kind in kinds.items():
        if name not in state:
            raise CheckpointError(f"{where}: {name} is missing")
        if not fits(state[name], kind):
            raise CheckpointError(f"{where}: {name}: expected {spelled(kind)}, got {shown(state[name])}")
    return {name: np.asarray(state[name], float) if kind is np.ndarray else state[name] for name, kind in kinds.items()}


def like(value: Any) -> Any:
    """The kind of what is as ``value`` is: an array, or a number."""
    return value if isinstance(value, np.ndarray) else float


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind. A whole number is a float too, true and false are no numbers."""
    if type(value) is kind and kind is not np.ndarray:
        return True
    if isinstance(kind, np.ndarray):
        return alike(value, kind)
    if isinstance(kind, tuple):
        return any(fits(value, one) for one in kind)
    if isinstance(kind, list):
        return isinstance(value, list) and all(fits(item, kind[0]) for item in value)
    if isinstance(kind, range):
        return isinstance(value, int) and not isinstance(value, bool) and value in kind
    if isinstance(kind, Mapping):
        return isinstance(value, str) and value in kind
    if kind is np.ndarray:
        return fits(value, list[float]) or alike(value, VECTOR)
    if kind is float:
        return isinstance(value, float) or fits(value, range(-(2**63), 2**63))
    return of_type(value, kind)


def of_type(value: Any, kind: Any) -> bool:
    """Whether a value is of a type as it is written in Python."""
    origin, arguments = taken_apart(kind)
    if origin is list:
        return isinstance(value, list) and all(fits(item, arguments[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(item, arguments[1]) for item in value.values())
    if origin in (Union, UnionType):
        return any(fits(value, one) for one in arguments)
    if origin is Literal:
        return isinstance(value, str) and value in arguments
    return kind is Any or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool)))


@cache
def taken_apart(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """The origin and the arguments of a type, found once: a table may have thousands of columns."""
    return get_origin(kind), get_args(kind)


def alike(value: Any, array: np.ndarray[Any, Any]) -> bool:
    """Whether a value can take the place of an array. An axis of one number or none may be longer."""
    return (
        isinstance(value, np.ndarray)
        and value.ndim == array.ndim
        and np.can_cast(value.dtype, array.dtype, "same_kind")
        and (value.dtype.kind == "f" or array.dtype.kind != "f")
        and all(size in (0, 1, found) for size, found in zip(array.shape, value.shape, strict=True))
    )


def spelled(kind: Any) -> str:
    """A kind as people read it."""
    if isinstance(kind, np.ndarray):
        return f"{kind.dtype.name} of shape {kind.shape}" if kind.size > 1 else f"{kind.dtype.name} numbers"
    if isinstance(kind, tuple):
        return " or ".join(map(spelled, kind))
    if isinstance(kind, list):
        return f"a list of {spelled(kind[0])}"
    if isinstance(kind, range):
        return f"a whole number from {kind.start} to {kind.stop - 1}"
    if isinstance(kind, Mapping):
        return f"one of {', '.join(kind)}"
    if kind is np.ndarray:
        return "numbers"
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind).removeprefix("typing.")


def shown(value: Any) -> str:
    """The beginning of a value."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype.name} of shape {value.shape}"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
