"""``data.split_values``: which values of a column mean which part."""

from __future__ import annotations

from typing import Any

from nntrain.errors import suggest_name

PARTS = ("train", "validation", "test")


def parts_of_values(table: Any) -> dict[str, tuple[str, ...]]:
    """The values of each part, as text. ValueError for another part, no list, or a value that two parts have."""
    if not isinstance(table, dict):
        raise ValueError(f"expected a table such as {{ train = ['a'], test = ['b'] }}, got {table!r}")
    found: dict[str, tuple[str, ...]] = {}
    for part, values in table.items():
        if part not in PARTS:
            raise ValueError(f"expected the parts train, validation and test, got {part!r}{suggest_name(part, PARTS)}")
        found[part] = texts(values, part)
    listed = [value for values in found.values() for value in values]
    if twice := [value for value in listed if listed.count(value) > 1]:
        raise ValueError(f"expected each value once, got {twice[0]!r} {listed.count(twice[0])} times")
    return found


def texts(values: Any, part: str) -> tuple[str, ...]:
    """A list of values as columns name them. ValueError for anything else than texts, numbers and truth values."""
    if not isinstance(values, list | tuple) or not all(isinstance(value, str | int | float) for value in values):
        raise ValueError(f"expected {part} to be a list of texts and numbers, got {values!r}")
    return tuple(value if isinstance(value, str) else name_of(value) for value in values)


def as_text(value: Any, expected: str) -> str:
    """A value as columns name it. ValueError if it is neither a text, a number nor a truth value."""
    if not isinstance(value, str | int | float):
        raise ValueError(f"expected {expected}, got {value!r}")
    return value if isinstance(value, str) else name_of(value)


def name_of(value: float) -> str:
    """A number or a truth value, as text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if float(value).is_integer() else repr(value)
