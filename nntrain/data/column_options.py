"""What a user may say about one column of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["ColumnOptions"]


@dataclass(frozen=True)
class ColumnOptions:
    """``type``: what the column holds; ``encoding``: how its categories become numbers.

    None: decided from its values.
    """

    type: Literal["number", "category", "boolean", "time", "ignore"] | None = None
    encoding: Literal["one_hot", "index"] | None = None
