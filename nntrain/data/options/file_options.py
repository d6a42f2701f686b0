"""The settings of ``[data]`` about the format of a data file, and the options for reading a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from nntrain.data.options.setting import define_setting
from nntrain.data.parsing.column_format import ColumnFormat


@dataclass(frozen=True)
class FileOptions:
    """The format of a data file. What is None is inferred from the file."""

    delimiter: str | None = define_setting(
        "Field delimiter of a CSV file, one character; inferred if omitted.", min_length=1, examples=[";"]
    )
    encoding: str | None = define_setting(
        "Encoding of a CSV file; default: UTF-8, or as detected (UTF-16, Windows-1252, Latin-1).",
        min_length=1,
        examples=["latin-1"],
    )
    header: bool | None = define_setting(
        "Whether the first line of a CSV file contains the column names; if false, they are column_1, column_2, ...; "
        "inferred if omitted."
    )
    decimal: Literal[".", ","] | None = define_setting(
        "Decimal separator of the numbers in a text file; inferred if omitted."
    )
    thousands: Literal["", ",", ".", " ", "'"] | None = define_setting(
        "Thousands separator in a text file, empty for none; inferred if omitted."
    )
    missing: tuple[str, ...] | None = define_setting(
        "Strings that mark a missing value, in all columns; an empty list for none, so that NA is a category; "
        "default: NA, N/A, NaN, null and ?, and in columns of numbers and times also markers such as -, unknown and "
        "#DIV/0!.",
        strict=False,
        examples=[["NA", "-999"]],
    )
    sheet: str | None = define_setting("Sheet of a workbook, table of an HDF5 file, or file in a zip archive.")


@dataclass(frozen=True)
class ReadOptions:
    """``file``: the format of the file. ``formats``: of columns, by name; the others are inferred.

    ``trained``: the formats of the columns that a network was trained on, which are used if values are ambiguous.
    ``labels``: the strings that most values of a column are expected to be; columns of these are read faster.
    """

    file: FileOptions = field(default_factory=FileOptions)
    formats: Mapping[str, ColumnFormat] = field(default_factory=dict)
    trained: Mapping[str, ColumnFormat] = field(default_factory=dict)
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)

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
