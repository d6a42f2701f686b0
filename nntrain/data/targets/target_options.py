"""What a user may say about a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nntrain.data.targets.target_range import TargetRange
from nntrain.errors import DataError, suggest_name
from nntrain.formatting import format_names

__all__ = ["DEFAULT_TARGET_OPTIONS", "Positive", "TargetOptions", "Transform"]

# The positive class, or the value that means "has the label": of every column, or by column.
Positive: TypeAlias = str | Mapping[str, str]

# The scale on which numbers are learned: "auto", "none" or "log" for all, or by the name of the number.
Transform: TypeAlias = str | Mapping[str, str]


@dataclass(frozen=True)
class TargetOptions:
    """``label_separator``: between the labels in a cell. ``positive``: the positive class; None: the second of two.

    ``transform``: the scale on which numbers are learned. ``range``: the one that predictions are kept within.
    """

    label_separator: str | None = None
    positive: Positive | None = None
    transform: Transform = "auto"
    range: TargetRange = "training"

    def get_positives(self, names: Sequence[str]) -> list[str | None]:
        """The positive value of each column. DataError for a name that is not a column of the target."""
        if not isinstance(self.positive, Mapping):
            return [self.positive] * len(names)
        check_target_names("data.positive", self.positive, names)
        return [self.positive.get(name) for name in names]

    def get_transforms(self, names: Sequence[str]) -> list[str]:
        """The scale of each number. DataError for a name that is not a number of the target."""
        if not isinstance(self.transform, Mapping):
            return [self.transform] * len(names)
        check_target_names("data.target_transform", self.transform, names)
        return [self.transform.get(name, "auto") for name in names]


def check_target_names(key: str, values: Mapping[str, str], names: Sequence[str]) -> None:
    """DataError for a name that is not one of the target."""
    for name in values:
        if name not in names:
            raise DataError(
                f"{key}: expected columns of the target, {format_names(names)}, got {name!r}{suggest_name(name, names)}"
            )


# All is decided from the values.
DEFAULT_TARGET_OPTIONS = TargetOptions()
