"""How deep lists and dicts are nested. Imports nothing, and does not recurse."""

from __future__ import annotations

from typing import Any

__all__ = ["MAX_NESTING", "is_too_deep"]

# What is read from files is nested no deeper: functions that recurse over it need a few calls for each level.
MAX_NESTING = 100


def is_too_deep(value: Any) -> bool:
    """Whether lists and dicts are nested deeper than DEEPEST."""
    layer = [value]
    for _ in range(MAX_NESTING):
        layer = [
            inner
            for item in layer
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not layer:
            return False
    return True
