"""JSON that every reader takes."""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = ["plain_json"]


def plain_json(value: Any, indent: int | None = None) -> str:
    """``value`` as JSON; a number that is none, or infinite, for which JSON has no word, is null."""
    return json.dumps(finite(value), indent=indent, allow_nan=False)


def finite(value: Any) -> Any:
    """``value`` with None in the place of every float that is not finite."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
