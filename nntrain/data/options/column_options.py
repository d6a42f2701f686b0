"""The settings of one column of a table."""

from dataclasses import dataclass
from typing import Literal

from nntrain.data.options.setting import define_setting
from nntrain.data.tables.raw_column import ValueKind


@dataclass(frozen=True)
class ColumnOptions:
    """The type, the encoding and the format of a column. What is None is inferred from its values."""

    type: Literal["number", "category", "boolean", "time", "text", "ignore"] | None = define_setting(
        "Type of the column; inferred from its values if omitted."
    )
    encoding: Literal["one_hot", "index"] | None = define_setting(
        "Encoding of a category column; default: by data.one_hot_limit."
    )
    format: str | None = define_setting(
        "Format of dates and times: directives of strptime, or ISO8601; inferred if omitted.",
        min_length=1,
        examples=["%d/%m/%Y"],
    )
    decimal: Literal[".", ","] | None = define_setting("Decimal separator of the numbers; default: data.decimal.")
    thousands: Literal["", ",", ".", " ", "'"] | None = define_setting(
        "Thousands separator of the numbers; default: data.thousands."
    )
    missing: tuple[str, ...] | None = define_setting(
        "Strings that mark a missing value; an empty list for none; default: data.missing.",
        strict=False,
        examples=[["-999"]],
    )

    @property
    def has_kind(self) -> bool:
        """Whether the type of the values is set, not only their format."""
        return self.type is not None or self.encoding is not None

    @property
    def kind(self) -> ValueKind | None:
        """The kind of the values, if it is set: text for categories, times for a ``format``."""
        if self.type is None:
            return "time" if self.format is not None else "text" if self.encoding is not None else None
        return "text" if self.type == "category" or self.type == "ignore" else self.type
