"""What is known of a table before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nntrain.data.options.file_options import FileOptions
from nntrain.data.parsing.column_format import ColumnFormat

__all__ = ["ReadOptions"]


@dataclass(frozen=True)
class ReadOptions:
    """``file``: how the file is written. ``formats``: what is declared of columns, by name; the others are inferred.

    ``trained``: the formats of the columns that a network was trained on, which decide where values alone do not.
    """

    file: FileOptions = field(default_factory=FileOptions)
    formats: Mapping[str, ColumnFormat] = field(default_factory=dict)
    trained: Mapping[str, ColumnFormat] = field(default_factory=dict)

    def get_format(self, name: str, *, only_null: bool = False) -> ColumnFormat:
        """What is declared of a column, by itself or for the whole file; ``only_null``: no text means missing."""
        said = self.formats.get(name, ColumnFormat())
        file = self.file
        missing = file.missing if said.missing is None else said.missing
        return replace(
            said,
            decimal=said.decimal or file.decimal,
            thousands=file.thousands if said.thousands is None else said.thousands,
            missing=() if missing is None and only_null else missing,
        )
