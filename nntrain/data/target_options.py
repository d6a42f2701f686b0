"""What a user may say about a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nntrain.errors import DataError, nearest

__all__ = ["DECIDED", "Positive", "TargetOptions"]

# The positive class, or the value that means "has the label": of every column, or by column.
Positive: TypeAlias = str | Mapping[str, str]


@dataclass(frozen=True)
class TargetOptions:
    """``separator``: between the labels in a cell. ``positive``: the positive class. None: decided from the values."""

    separator: str | None = None
    positive: Positive | None = None

    def positive_of(self, names: Sequence[str]) -> list[str | None]:
        """The positive value of each column. DataError for a name that is not a column of the target."""
        if not isinstance(self.positive, Mapping):
            return [self.positive] * len(names)
        for name in self.positive:
            if name not in names:
                listed = ", ".join(map(repr, names))
                raise DataError(
                    f"data.positive: expected columns of the target, {listed}, got {name!r}{nearest(name, names)}"
                )
        return [self.positive.get(name) for name in names]


# All is decided from the values.
DECIDED = TargetOptions()
