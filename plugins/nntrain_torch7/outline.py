"""What a .t7 file holds, as lines to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain_torch7.format import BooleanKey, LuaFunction, ObjectKey, Storage, TorchObject
from nntrain_torch7.format.dtypes import DTYPE_NAMES
from nntrain_torch7.format.type_codes import HASH_CLASSES, VECTOR_CLASSES

__all__ = ["format_outline"]

# Members of a table that are shown, letters of a text, numbers of a tensor.
MAX_MEMBERS, MAX_CHARACTERS, MAX_NUMBERS = 40, 60, 6

# From here on an integer has more digits than a double can tell apart.
MAX_EXACT_INTEGER = 2.0**53


@dataclass(frozen=True)
class OmittedMembers:
    """Members of a table that are not shown."""

    count: int


def format_outline(value: Any, depth: int) -> Iterator[str]:
    """A line for each value, those inside a table or an object further to the right, as far as ``depth``.

    What occurs again is told by the place where it came first.
    """
    seen: dict[int, str] = {}
    waiting: list[tuple[str, str, str, Any, int]] = [("", "", "", value, 0)]
    while waiting:
        lead, place, name, item, level = waiting.pop()
        if isinstance(item, OmittedMembers):
            yield f"{lead}... and {item.count} more"
            continue
        title = f"{lead}{name}: " if place else ""
        if id(item) in seen:
            yield f"{title}the same as {seen[id(item)] or 'the whole'}"
            continue
        if not is_plain(item):
            seen[id(item)] = place
        yield f"{title}{format_value(item)}"
        inside = get_members(item)
        if inside and level == depth:
            yield f"{lead}  ... ({len(inside)} inside)"
            continue
        if len(inside) > MAX_MEMBERS:
            waiting.append((f"{lead}  ", place, "", OmittedMembers(len(inside) - MAX_MEMBERS), level + 1))
        for label, inner in reversed(list(label_members(inside))):
            waiting.append((f"{lead}  ", f"{place}.{label}", label, inner, level + 1))


def get_members(value: Any) -> dict[Any, Any]:
    """What is inside a table, or an object's fields."""
    inside = value.fields if isinstance(value, TorchObject) else value
    if isinstance(inside, dict):
        return inside
    return {"": inside} if isinstance(value, TorchObject) and not is_plain(inside) else {}


def is_plain(value: Any) -> bool:
    """Whether a value is told on the line of what it is in."""
    return isinstance(value, bool | int | float | str | None)


def label_members(inside: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """The first members with what is printed before each; a key that is an object comes before its value."""
    objects = 0
    for key, inner in list(inside.items())[:MAX_MEMBERS]:
        if isinstance(key, ObjectKey):
            objects += 1
            yield f"key #{objects}", key.value
            yield f"value #{objects}", inner
        else:
            yield format_key(key), inner


def format_key(key: Any) -> str:
    """A key of a table, without dots; a text that could be read as a key of another kind is quoted."""
    if not isinstance(key, str):
        return str(key.value) if isinstance(key, BooleanKey) else format_number(key)
    mistakable = key in ("", "True", "False") or key[0] in "-0123456789'" or key.startswith(("key #", "value #"))
    return (repr(key) if mistakable or not key.isprintable() else key).replace(".", "·")


def format_value(value: Any) -> str:
    """One value, without what is inside."""
    if isinstance(value, TorchObject):
        return f"{value.name}{format_container(value)}"
    if isinstance(value, dict):
        return f"a table of {len(value)}"
    if isinstance(value, LuaFunction):
        return f"a function of {len(value.code):,} bytes, which is never run"
    if isinstance(value, Storage):
        return f"{DTYPE_NAMES[value.array.dtype]}Storage {format_numbers(value.array)}"
    if isinstance(value, np.ndarray):
        return f"{DTYPE_NAMES[value.dtype]}Tensor {'×'.join(map(str, value.shape))} {format_numbers(value)}"
    if isinstance(value, str):
        shown = repr(value[:MAX_CHARACTERS])
        return f"{shown}... ({len(value):,} letters)" if len(value) > MAX_CHARACTERS else shown
    if value is None:
        return "nil"
    return str(value).lower() if isinstance(value, bool) else format_number(value)


def format_container(value: TorchObject) -> str:
    """What follows the name of a class: how many a container has, or the only value that an object wrote."""
    if value.name in HASH_CLASSES + VECTOR_CLASSES:
        return f" of {len(value.fields)}"
    return "" if value.fields is None or not is_plain(value.fields) else f" {format_value(value.fields)}"


def format_numbers(array: Any) -> str:
    """The first numbers of an array."""
    first = [format_number(number) for number in array.flat[:MAX_NUMBERS]]
    return f"[{', '.join(first)}{', ...' if array.size > MAX_NUMBERS else ''}]"


def format_number(number: Any) -> str:
    """The shortest text that reads as the same number of its type; without a point where there is no fraction."""
    if isinstance(number, int | np.integer):
        return str(number)
    whole = abs(number) < MAX_EXACT_INTEGER and number == int(number) and not (number == 0 and np.signbit(number))
    return str(int(number)) if whole else str(number)
