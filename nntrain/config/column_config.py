"""``[data.columns.NAME]``: settings of one column, where inference from the file is wrong."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from nntrain.config.section import Section
from nntrain.data.parsing.time_format import check_time_format


class ColumnConfig(Section):
    """One column of a table."""

    type: Literal["number", "category", "boolean", "time", "text", "ignore"] | None = Field(
        default=None, description="Type of the column; inferred from its values if omitted."
    )
    encoding: Literal["one_hot", "index"] | None = Field(
        default=None, description="Encoding of a category column; default: by data.one_hot_limit."
    )
    format: str | None = Field(
        default=None,
        min_length=1,
        description="Format of dates and times: directives of strptime, or ISO8601; inferred if omitted.",
        examples=["%d/%m/%Y"],
    )
    decimal: Literal[".", ","] | None = Field(
        default=None, description="Decimal separator of the numbers; default: data.decimal."
    )
    thousands: Literal["", ",", ".", " ", "'"] | None = Field(
        default=None, description="Thousands separator of the numbers; default: data.thousands."
    )
    missing: tuple[str, ...] | None = Field(
        default=None,
        strict=False,
        description="Strings that mark a missing value; an empty list for none; default: data.missing.",
        examples=[["-999"]],
    )

    @field_validator("format")
    @classmethod
    def _validate_format(cls, text: str | None) -> str | None:
        if text is not None:
            check_time_format(text)
        return text

    @model_validator(mode="after")
    def _validate_keys(self) -> Self:
        if self.format is not None and self.type not in (None, "time"):
            raise ValueError(f"'format' is for times: expected type = 'time', got '{self.type}'")
        if (self.decimal or self.thousands) and self.type not in (None, "number"):
            raise ValueError(f"'decimal' and 'thousands' are for numbers: expected type = 'number', got '{self.type}'")
        if self.encoding is not None and self.type == "text":
            raise ValueError("'encoding' is for categories: expected type = 'category', got 'text'")
        return self
