"""The columns of a CSV file that DuckDB reads directly as numbers.

Inferring the format of a column from all of its texts takes much longer than reading plain numbers, written as in
Python. Columns whose first cells are plain numbers are read as numbers. The format of a column with other cells, or
with digits that a float would lose, is inferred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.number_format import build_plain_pattern, split_number
from nntrain.data.parsing.number_inference import MAX_EXACT_INTEGER
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.scan import fill_masked
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import DataError


def find_plain_columns(scan: CsvScan, formats: Mapping[str, ColumnFormat]) -> list[str]:
    """Return the columns whose first cells are plain numbers, unless another format is declared."""
    # A blank line is a row only if the table has one column.
    if len(scan.dialect.names) == 1:
        return []
    return [name for name, cells in scan.read_sample().items() if name in formats and is_plain(formats[name], cells)]


def is_plain(declared: ColumnFormat, cells: Sequence[str]) -> bool:
    """Whether cells are plain numbers or empty, and no other format is declared."""
    if (
        declared.kind not in (None, "number")
        or declared.decimal == ","
        or declared.thousands == "."
        or declared.missing
    ):
        return False
    if declared.prefix or declared.suffix:
        return False
    texts = [cell.strip() for cell in cells]
    return all(not text or build_plain_pattern(".").fullmatch(text) for text in texts) and not any(
        map(has_leading_zero, texts)
    )


def has_leading_zero(text: str) -> bool:
    """Whether a text starts like 007."""
    digits = text.lstrip("+-")
    return len(digits) > 1 and digits[0] == "0" and digits.isdecimal()


def read_plain_columns(scan: CsvScan, names: Sequence[str]) -> tuple[dict[str, RawColumn], dict[str, Array]]:
    """Return the columns among ``names`` that are entirely numeric, and the texts of all other columns."""
    names = find_exact_columns(scan, names)
    try:
        arrays = read_columns(scan, names)
    except DataError:
        names = [name for name, plain in zip(names, check_plain_columns(scan, names), strict=True) if plain]
        arrays = read_columns(scan, names)
    found = {}
    for name in names:
        values = arrays.pop(name)
        column = build_number_column(name, values)
        if column is not None:
            found[name] = column
    lost = [name for name in names if name not in found]
    arrays |= zip(lost, scan.select([scan.columns[name] for name in lost]), strict=True)
    return found, arrays


def find_exact_columns(scan: CsvScan, names: Sequence[str]) -> list[str]:
    """Return the columns whose numbers keep their digits: checked only if the file contains 007 or 1_000."""
    if not names or not scan.dialect.text.has_special_digits:
        return list(names)
    return [name for name, plain in zip(names, check_plain_columns(scan, names), strict=True) if plain]


def check_plain_columns(scan: CsvScan, names: Sequence[str]) -> list[bool]:
    """Whether each column has only plain numbers and empty cells."""
    expressions = [f"count(*) FILTER ({build_plain_check(scan.columns[name])} = false)" for name in names]
    return [int(values[0]) == 0 for values in scan.select(expressions)]


def build_plain_check(column: str) -> str:
    """Build the SQL for whether a text is a number that keeps all its digits as a float; NULL for an empty text."""
    text = f"nullif(trim({column}), '')"
    number = f"TRY_CAST({text} AS DOUBLE)"
    odd = f"regexp_matches({text}, '^[-+]?0[0-9]+$|_|[a-df-zA-DF-Z]')"
    return (
        f"CASE WHEN {text} IS NULL THEN NULL ELSE "
        f"coalesce(isfinite({number}) AND abs({number}) < {MAX_EXACT_INTEGER} AND NOT {odd}, false) END"
    )


def read_columns(scan: CsvScan, names: Sequence[str]) -> dict[str, Array]:
    """Read all columns at once. DataError if one of ``names`` is not entirely numeric, or the file is malformed."""
    return dict(zip(scan.columns, scan.with_number_columns(names).select(list(scan.columns.values())), strict=True))


def build_number_column(name: str, values: Array) -> RawColumn | None:
    """Build a column of numbers; None if one is not finite, or is an integer that may not be exact."""
    plain = fill_masked(values, np.nan)
    missing = np.count_nonzero(np.ma.getmaskarray(values))
    inside = np.count_nonzero(np.abs(plain) < MAX_EXACT_INTEGER)
    return RawColumn(name, "number", plain) if inside == len(plain) - missing else None


def infer_plain_decimals(scan: CsvScan, names: Sequence[str]) -> frozenset[str]:
    """Return the decimal separators that other columns prove, and the point if the cells of ``names`` prove it."""
    sample = scan.read_sample()
    cells = (cell.strip() for name in names for cell in sample.get(name, ()))
    written = (split_number(cell) for cell in cells if "." in cell)
    proven = any({decimal for decimal, _ in one.conventions} == {"."} for one in written if one is not None)
    return scan.decimals | frozenset("." if proven else "")
