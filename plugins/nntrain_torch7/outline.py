"""What a .t7 file holds, as lines to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain_torch7.format import BooleanKey, Function, Storage, TorchObject
from nntrain_torch7.format.element_types import NAMES

__all__ = ["outline"]

# Members of a table that are shown, letters of a text, numbers of a tensor.
MEMBERS, LETTERS, NUMBERS = 40, 60, 6


@dataclass(frozen=True)
class More:
    """Members of a table that are not shown."""

    count: int


def outline(value: Any, depth: int) -> Iterator[str]:
    """A line for each value, those inside a table or an object further to the right, as far as ``depth``.

    What occurs again is told by the place where it came first.
    """
    seen: dict[int, str] = {}
    waiting: list[tuple[str, str, Any, int]] = [("", "", value, 0)]
    while waiting:
        lead, place, item, level = waiting.pop()
        if isinstance(item, More):
            yield f"{lead}... and {item.count} more"
            continue
        name = f"{lead}{place.rpartition('.')[2]}: " if place else ""
        if id(item) in seen:
            yield f"{name}the same as {seen[id(item)] or 'the whole'}"
            continue
        if not isinstance(item, bool | float | str | None):
            seen[id(item)] = place
        yield f"{name}{told(item)}"
        inside = members(item)
        if inside and level == depth:
            yield f"{lead}  ... ({len(inside)} inside)"
            continue
        shown = list(inside.items())[:MEMBERS]
        if len(inside) > MEMBERS:
            waiting.append((f"{lead}  ", place, More(len(inside) - MEMBERS), level + 1))
        for key, inner in reversed(shown):
            waiting.append((f"{lead}  ", f"{place}.{spelled(key)}", inner, level + 1))


def members(value: Any) -> dict[Any, Any]:
    """What is inside a table, or an object's fields."""
    if isinstance(value, TorchObject):
        return value.fields if isinstance(value.fields, dict) else {}
    return value if isinstance(value, dict) else {}


def spelled(key: Any) -> str:
    """A key of a table, without dots."""
    return str(key.value if isinstance(key, BooleanKey) else key).replace(".", "·")


def told(value: Any) -> str:
    """One value, without what is inside."""
    if isinstance(value, TorchObject):
        return value.name
    if isinstance(value, dict):
        return f"a table of {len(value)}"
    if isinstance(value, Function):
        return f"a function of {len(value.code):,} bytes, which is never run"
    if isinstance(value, Storage):
        return f"{NAMES[value.array.dtype]}Storage {numbers(value.array)}"
    if isinstance(value, np.ndarray):
        return f"{NAMES[value.dtype]}Tensor {'×'.join(map(str, value.shape))} {numbers(value)}"
    if isinstance(value, str):
        shown = repr(value[:LETTERS])
        return f"{shown}... ({len(value):,} letters)" if len(value) > LETTERS else shown
    if value is None:
        return "nil"
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def numbers(array: Any) -> str:
    """The first numbers of an array."""
    first = [f"{number:g}" for number in array.flat[:NUMBERS].tolist()]
    return f"[{', '.join(first)}{', ...' if array.size > NUMBERS else ''}]"
