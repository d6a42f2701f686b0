"""The formats of the text columns of a file, inferred from the rows of each text."""

from __future__ import annotations

from collections.abc import Collection

from nntrain.data.option_suggestions import suggest_type
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.file_inference import build_notes, infer_file_formats
from nntrain.data.parsing.text_counts import FormatMismatch, TextCounts
from nntrain.data.readers.scan import Scan
from nntrain.errors import DataError

__all__ = ["infer_formats"]


def infer_formats(
    scan: Scan, columns: Collection[TextCounts], decimals: Collection[str]
) -> tuple[dict[str, ColumnFormat], list[str]]:
    """The format of each column, and notes for the user.

    ``decimals``: the decimal separators that other columns prove. DataError, with row and line, for a text that is not
    as the others of its column are, and for a format that cannot be decided.
    """
    try:
        found = infer_file_formats(columns, decimals, point=scan.is_point_decimal)
    except DataError as error:
        raise DataError(f"{scan.path}: {error}") from None
    declared = {texts.name: texts.declared for texts in columns}
    for name, inference in found.items():
        if inference.slip is not None:
            raise build_format_error(scan, name, inference.slip, declared=declared[name])
    return {name: form for name, one in found.items() if (form := one.format) is not None}, build_notes(found)


def build_format_error(scan: Scan, name: str, slip: FormatMismatch, *, declared: bool) -> DataError:
    """The first row with the text, and its line."""
    literal = slip.text.replace("'", "''")
    text = f"CAST({scan.columns[name]} AS VARCHAR)"
    # Python takes more characters for spaces than SQL does, so the cell may be longer than its text.
    row, value = scan.find_first(f"regexp_replace({text}, '^\\s+|\\s+$', '', 'g') = '{literal}'", text)
    line = scan.find_line(row)
    place = f"row {row}" if line is None else f"row {row} (line {line})"
    advice = "fix it or leave the cell empty"
    if not declared:
        advice += f", or, if the column is a category, {suggest_type(name, 'category')}"
    got = str(value).strip()
    return DataError(f"{scan.path}: {place}, column {name!r}: expected {slip.expected}, got {got!r}; {advice}")
