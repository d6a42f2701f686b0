"""The nesting depth of lists and dicts. Without imports and recursion."""

from typing import Any

# Maximum nesting depth of values from files; functions that recurse over them need a few calls per level.
MAX_NESTING = 100


def is_too_deep(value: Any) -> bool:
    """Whether lists and dicts are nested deeper than MAX_NESTING."""
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
