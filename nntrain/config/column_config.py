"""``[data.columns.NAME]``: what one column is, where sniffing the file would guess wrong."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nntrain.config.section import Section


class ColumnConfig(Section):
    """One column of a table."""

    type: Literal["number", "category", "boolean", "time", "ignore"] | None = Field(
        default=None, description="What the column holds; decided from its values when absent."
    )
    encoding: Literal["one_hot", "index"] | None = Field(
        default=None, description="How a category becomes numbers; decided by data.one_hot_limit when absent."
    )
