"""A constructor argument and its field in Torch7's object. Public: for plugins that map layers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Converter = Callable[[Any], Any]
"""Converts an inner object to a module or criterion, or the other way around."""


def from_torch_value(value: Any, _: Converter) -> Any:
    """Convert Torch's number, boolean or string; a number without a fraction becomes an int."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.integer | np.floating):
        return int(value) if float(value).is_integer() else float(value)
    raise ValueError(f"expected a number, a boolean or a string, got {type(value).__name__}")


def to_torch_value(value: Any, convert: Converter) -> Any:
    """Convert a number, boolean or string to Torch's value: all its numbers are doubles."""
    if value is None:
        return None
    plain = from_torch_value(value, convert)
    return plain if isinstance(plain, bool | str) else float(plain)


@dataclass(frozen=True)
class Torch7Argument:
    """``read`` converts Torch's value to ours, ``write`` ours to Torch's; both get a converter for inner objects.

    By default, numbers, booleans and strings keep their values. A ValueError describes the expected value. If a field
    is missing or nil, or ``write`` returns None, the argument has its default.
    """

    ours: str
    torch: str
    read: Callable[[Any, Converter], Any] = from_torch_value
    write: Callable[[Any, Converter], Any] = to_torch_value
