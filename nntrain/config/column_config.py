"""``[data.columns.NAME]``: settings of one column, where inference from the file is wrong."""

from typing import Self

from pydantic import model_validator

from nntrain.config.section import Section, validate_strings
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.parsing.time_format import check_time_format


class ColumnConfig(Section, ColumnOptions):  # type: ignore[misc]
    """One column of a table."""

    _validate_format = validate_strings("format", check_time_format)

    @model_validator(mode="after")
    def _validate_keys(self) -> Self:
        if self.format is not None and self.type not in (None, "time"):
            raise ValueError(f"'format' is for times: expected type = 'time', got '{self.type}'")
        if (self.decimal or self.thousands) and self.type not in (None, "number"):
            raise ValueError(f"'decimal' and 'thousands' are for numbers: expected type = 'number', got '{self.type}'")
        if self.encoding is not None and self.type == "text":
            raise ValueError("'encoding' is for categories: expected type = 'category', got 'text'")
        return self
