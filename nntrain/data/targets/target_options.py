"""The options of a target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from nntrain.errors import DataError, suggest_name
from nntrain.formatting import format_names

Default = TypeVar("Default", str, str | None)

# The positive class, or the value that means "has the label": of every column, or by column.
Positive: TypeAlias = str | Mapping[str, str]

# The scale on which numbers are learned: "auto", "none" or "log" for all, or by the name of the number.
Transform: TypeAlias = str | Mapping[str, str]

# The range of predictions: that of the training rows; only their sign, if all have one; unlimited; or limits.
TargetRange: TypeAlias = Literal["training", "sign", "none"] | tuple[float, float]


@dataclass(frozen=True)
class TargetOptions:
    """``label_separator``: between the labels in a cell. ``positive``: the positive class; None: the second of two.

    ``transform``: the scale on which numbers are learned. ``range``: the range of predictions. By default, all
    are inferred from the values.
    """

    label_separator: str | None = None
    positive: Positive | None = None
    transform: Transform = "auto"
    range: TargetRange = "training"


def get_each(key: str, values: Default | Mapping[str, str], names: Sequence[str], default: Default) -> list[Default]:
    """Return the value of the option ``key`` for each name. DataError if it has a name that is not one of them."""
    if not isinstance(values, Mapping):
        return [values] * len(names)
    for name in values:
        if name not in names:
            raise DataError(
                f"{key}: expected columns of the target, {format_names(names)}, got {name!r}{suggest_name(name, names)}"
            )
    return [values.get(name, default) for name in names]


DEFAULT_TARGET_OPTIONS = TargetOptions()
