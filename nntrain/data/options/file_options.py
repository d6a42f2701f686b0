"""The settings of ``[data]`` about the format of a data file."""

from dataclasses import dataclass
from typing import Literal

from nntrain.data.options.setting import define_setting


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
