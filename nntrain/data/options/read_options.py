"""Options for reading a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nntrain.data.options.file_options import FileOptions
from nntrain.data.parsing.column_format import ColumnFormat


@dataclass(frozen=True)
class ReadOptions:
    """``file``: the format of the file. ``formats``: of columns, by name; the others are inferred.

    ``trained``: the formats of the columns that a network was trained on, which are used if values are ambiguous.
    """

    file: FileOptions = field(default_factory=FileOptions)
    formats: Mapping[str, ColumnFormat] = field(default_factory=dict)
    trained: Mapping[str, ColumnFormat] = field(default_factory=dict)

    def get_format(self, name: str, *, only_null: bool = False) -> ColumnFormat:
        """Return the format set for a column or for the file; ``only_null``: by default no string means missing."""
        column, file = self.formats.get(name, ColumnFormat()), self.file
        missing = file.missing if column.missing is None else column.missing
        return replace(
            column,
            decimal=column.decimal or file.decimal,
            thousands=file.thousands if column.thousands is None else column.thousands,
            missing=() if missing is None and only_null else missing,
        )
