"""Infer the formats of the text columns of a file from the distinct texts."""

from __future__ import annotations

from collections.abc import Collection

from nntrain.data.option_suggestions import suggest_type
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.file_inference import build_notes, infer_file_formats
from nntrain.data.parsing.text_counts import FormatMismatch, TextCounts
from nntrain.data.readers.scan import Scan
from nntrain.errors import DataError


def infer_formats(
    scan: Scan, columns: Collection[TextCounts], decimals: Collection[str]
) -> tuple[dict[str, ColumnFormat], list[str]]:
    """Infer the format of each column; return notes for the user with them.

    ``decimals``: the decimal separators that other columns prove. DataError, with row and line, for a text that does
    not match the others of its column, and for an ambiguous format.
    """
    try:
        found = infer_file_formats(columns, decimals, point=scan.is_point_decimal)
    except DataError as error:
        raise DataError(f"{scan.path}: {error}") from None
    declared = {texts.name: texts.declared for texts in columns}
    for name, inference in found.items():
        if inference.mismatch is not None:
            raise build_format_error(scan, name, inference.mismatch, declared=declared[name])
    return {name: form for name, one in found.items() if (form := one.format) is not None}, build_notes(found)


def build_format_error(scan: Scan, name: str, mismatch: FormatMismatch, *, declared: bool) -> DataError:
    """Build the error that names the first row with the text, and its line."""
    literal = mismatch.text.replace("'", "''")
    text = f"CAST({scan.columns[name]} AS VARCHAR)"
    # Python strips more kinds of whitespace than SQL does, so the cell may be longer than its text.
    row, value = scan.find_first(f"regexp_replace({text}, '^\\s+|\\s+$', '', 'g') = '{literal}'", text)
    line = scan.find_line(row)
    location = f"row {row}" if line is None else f"row {row} (line {line})"
    advice = "fix it or leave the cell empty"
    if not declared:
        advice += f", or, if the column is a category, {suggest_type(name, 'category')}"
    got = str(value).strip()
    return DataError(f"{scan.path}: {location}, column {name!r}: expected {mismatch.expected}, got {got!r}; {advice}")
