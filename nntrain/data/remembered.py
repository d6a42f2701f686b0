"""What a checkpoint says of fitted preprocessing is of the right kinds before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from nntrain.errors import CheckpointError

__all__ = ["remembered"]


def remembered(state: Any, kinds: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a state under the names of ``kinds``, each of the type that is told there, or a name of a mapping.

    Arrays may be lists of numbers. CheckpointError that names the first which is missing or of another type.
    """
    if not isinstance(state, Mapping):
        raise CheckpointError(f"data: expected the state of preprocessing, got {shown(state)}")
    where = f"data: {state.get('type', 'state')}"
    for name, kind in kinds.items():
        if name not in state:
            raise CheckpointError(f"{where}: {name} is missing")
        if not fits(state[name], kind):
            raise CheckpointError(f"{where}: {name}: expected {spelled(kind)}, got {shown(state[name])}")
    return {name: np.asarray(state[name], float) if kind is np.ndarray else state[name] for name, kind in kinds.items()}


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a type. A whole number is a float too, true and false are no numbers."""
    if get_origin(kind) is list:
        return isinstance(value, list) and all(fits(item, get_args(kind)[0]) for item in value)
    if get_origin(kind) in (Union, UnionType):
        return any(fits(value, one) for one in get_args(kind))
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    if isinstance(kind, Mapping):
        return isinstance(value, str) and value in kind
    if kind is np.ndarray:
        return fits(value, list[float]) or (
            isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind == "f"
        )
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float if kind is float else get_origin(kind) or kind)


def spelled(kind: Any) -> str:
    """A type as people read it."""
    if isinstance(kind, Mapping):
        return f"one of {', '.join(kind)}"
    if kind is np.ndarray:
        return "numbers"
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind).removeprefix("typing.")


def shown(value: Any) -> str:
    """The beginning of a value."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
