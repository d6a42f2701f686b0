"""What a user may say about one column of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nntrain.data.tables.raw_column import ValueKind

__all__ = ["ColumnOptions"]


@dataclass(frozen=True)
class ColumnOptions:
    """``type``: what the column holds; ``encoding``: how its categories become numbers. ``format``: that of its times.

    ``decimal``, ``thousands``: the separators of its numbers. ``missing``: the texts that mean a missing value.
    None: decided from its values.
    """

    type: Literal["number", "category", "boolean", "time", "text", "ignore"] | None = None
    encoding: Literal["one_hot", "index"] | None = None
    format: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    missing: tuple[str, ...] | None = None

    @property
    def has_kind(self) -> bool:
        """Whether it says what the column holds, and not only how it is written."""
        return self.type is not None or self.encoding is not None

    @property
    def kind(self) -> ValueKind | None:
        """How the values are read, if that is declared: categories as text, and as times where there is a format."""
        if self.type is None:
            return "time" if self.format is not None else "text" if self.encoding is not None else None
        return "text" if self.type == "category" or self.type == "ignore" else self.type
