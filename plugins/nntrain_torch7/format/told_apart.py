"""Keys of a table that Python would take for one: true and 1, false and 0."""

from __future__ import annotations

from typing import Any

from nntrain_torch7.format.values import BooleanKey, ObjectKey, Value

__all__ = ["told_apart"]


Key = float | str | bool | BooleanKey | ObjectKey


def told_apart(table: dict[Any, Value], key: Key) -> Key:
    """A key that is to come into a table, or what stands for it if it is a boolean and the table has its number.

    If it is a number and the table has its boolean, that one is replaced, in its place.
    """
    if key in (0, 1) and key in table:
        other = next(known for known in table if known == key)
        if isinstance(key, bool) and not isinstance(other, bool):
            return BooleanKey(key)
        if isinstance(other, bool) and not isinstance(key, bool):
            entries = list(table.items())
            table.clear()
            table.update((BooleanKey(other) if known is other else known, value) for known, value in entries)
    return key
