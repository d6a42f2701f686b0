"""What a user may say about one column of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["ColumnOptions"]


@dataclass(frozen=True)
class ColumnOptions:
    """``type``: what the column holds; ``encoding``: how its categories become numbers. ``format``: that of its times.

    ``decimal``, ``thousands``: the separators of its numbers. ``missing``: the texts that mean a missing value.
    None: decided from its values.
    """

    type: Literal["number", "category", "boolean", "time", "ignore"] | None = None
    encoding: Literal["one_hot", "index"] | None = None
    format: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    missing: tuple[str, ...] | None = None

    @property
    def declares_kind(self) -> bool:
        """Whether it says what the column holds, and not only how it is written."""
        return self.type is not None or self.encoding is not None
