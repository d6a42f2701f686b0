"""The contents of a .t7 file as lines of text."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nntrain_torch7.format import BooleanKey, LuaFunction, ObjectKey, Storage, TorchObject
from nntrain_torch7.format.dtypes import DTYPE_NAMES
from nntrain_torch7.format.type_codes import HASH_CLASSES, VECTOR_CLASSES

# Maximum numbers of members of a table, characters of a string and elements of a tensor that are shown.
MAX_MEMBERS, MAX_CHARACTERS, MAX_NUMBERS = 40, 60, 6

# Integers from here on are not exact as doubles.
MAX_EXACT_INTEGER = 2.0**53


def format_outline(value: Any, depth: int) -> Iterator[str]:
    """Yield a line for each value, indented by nesting, up to ``depth``.

    Repeated values refer to the path of the first occurrence.
    """
    seen: dict[int, str] = {}
    # Without a path, an item is a line of its own.
    waiting: list[tuple[str, str | None, str, Any, int]] = [("", "", "", value, 0)]
    while waiting:
        lead, place, name, item, level = waiting.pop()
        if place is None:
            yield f"{lead}{item}"
            continue
        title = f"{lead}{name}: " if place else ""
        if id(item) in seen:
            yield f"{title}the same as {seen[id(item)] or 'the root'}"
            continue
        if not is_plain(item):
            seen[id(item)] = place
        yield f"{title}{format_value(item)}"
        inside = get_members(item)
        if inside and level == depth:
            yield f"{lead}  ... ({len(inside)} inside)"
            continue
        if len(inside) > MAX_MEMBERS:
            waiting.append((f"{lead}  ", None, "", f"... and {len(inside) - MAX_MEMBERS} more", level + 1))
        for label, inner in reversed(list(label_members(inside))):
            waiting.append((f"{lead}  ", f"{place}.{label}", label, inner, level + 1))


def get_members(value: Any) -> dict[Any, Any]:
    """Return the members of a table, or the fields of an object."""
    inside = value.fields if isinstance(value, TorchObject) else value
    if isinstance(inside, dict):
        return inside
    return {"": inside} if isinstance(value, TorchObject) and not is_plain(inside) else {}


def is_plain(value: Any) -> bool:
    """Whether a value is printed on the line of its parent."""
    return isinstance(value, bool | int | float | str | None)


def label_members(inside: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the first members with their labels; a key that is an object comes before its value."""
    objects = 0
    for key, inner in list(inside.items())[:MAX_MEMBERS]:
        if isinstance(key, ObjectKey):
            objects += 1
            yield f"key #{objects}", key.value
            yield f"value #{objects}", inner
        else:
            yield format_key(key), inner


def format_key(key: Any) -> str:
    """Format a key of a table, without dots; ambiguous strings are quoted."""
    if not isinstance(key, str):
        return str(key.value) if isinstance(key, BooleanKey) else format_number(key)
    ambiguous = key in ("", "True", "False") or key[0] in "-0123456789'" or key.startswith(("key #", "value #"))
    return (repr(key) if ambiguous or not key.isprintable() else key).replace(".", "·")


def format_value(value: Any) -> str:
    """Format one value without its members."""
    if isinstance(value, TorchObject):
        if value.name in HASH_CLASSES + VECTOR_CLASSES:
            return f"{value.name} of {len(value.fields)}"
        plain = value.fields is not None and is_plain(value.fields)
        return f"{value.name} {format_value(value.fields)}" if plain else value.name
    if isinstance(value, dict):
        return f"a table of {len(value)}"
    if isinstance(value, LuaFunction):
        return f"a function of {len(value.code):,} bytes (never run)"
    if isinstance(value, Storage):
        return f"{DTYPE_NAMES[value.array.dtype]}Storage {format_numbers(value.array)}"
    if isinstance(value, np.ndarray):
        return f"{DTYPE_NAMES[value.dtype]}Tensor {'×'.join(map(str, value.shape))} {format_numbers(value)}"
    if isinstance(value, str):
        shown = repr(value[:MAX_CHARACTERS])
        return f"{shown}... ({len(value):,} characters)" if len(value) > MAX_CHARACTERS else shown
    if value is None:
        return "nil"
    return str(value).lower() if isinstance(value, bool) else format_number(value)


def format_numbers(array: Any) -> str:
    """Format the first numbers of an array."""
    first = [format_number(number) for number in array.flat[:MAX_NUMBERS]]
    return f"[{', '.join(first)}{', ...' if array.size > MAX_NUMBERS else ''}]"


def format_number(number: Any) -> str:
    """Format a number as the shortest string that reads as the same number; integers without a point."""
    if isinstance(number, int | np.integer):
        return str(number)
    whole = abs(number) < MAX_EXACT_INTEGER and number == int(number) and not (number == 0 and np.signbit(number))
    return str(int(number)) if whole else str(number)
