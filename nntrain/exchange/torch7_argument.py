"""An argument of one of our constructors and the field of Torch7's object that says it. Public: plugins map layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Converter", "Torch7Argument"]

Converter = Callable[[Any], Any]
"""Makes a module or criterion of an object inside another, or the other way around."""


def from_torch_value(value: Any, _: Converter) -> Any:
    """Our value of Torch's number, boolean or string; a number without a fraction becomes an int."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.integer | np.floating):
        return int(value) if float(value).is_integer() else float(value)
    raise ValueError(f"expected a number, a boolean or a string, got {type(value).__name__}")


def to_torch_value(value: Any, go: Converter) -> Any:
    """Torch's value of our number, boolean or string: all its numbers are doubles."""
    if value is None:
        return None
    plain = from_torch_value(value, go)
    return plain if isinstance(plain, bool | str) else float(plain)


@dataclass(frozen=True)
class Torch7Argument:
    """``read`` makes our value of Torch's, ``write`` Torch's of ours; both are given what goes on with inner objects.

    Unless they are given, numbers, booleans and strings pass as they are. A ValueError says what was expected. A field
    that is absent, or nil, leaves the argument to its default; so does a ``write`` that returns None.
    """

    ours: str
    torch: str
    read: Callable[[Any, Converter], Any] = from_torch_value
    write: Callable[[Any, Converter], Any] = to_torch_value
