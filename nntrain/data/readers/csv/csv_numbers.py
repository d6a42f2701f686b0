"""The columns of a CSV file whose cells DuckDB converts to numbers, if the file is read into memory.

``build_source`` in ``csv_scan.py`` declares them as DOUBLE. The numbers of all other columns are converted by
``NumberFormat``; streamed files are converted by ``disk_table.py``. ``read_scan`` in ``table_reader.py`` calls both.

Inferring the format of a column from all of its texts takes much longer than reading plain numbers, written as in
Python. Columns whose first cells are plain numbers are read as numbers. The format of a column with other cells, or
with digits that a float would lose, is inferred.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.number_format import build_plain_pattern, find_separators, split_number
from nntrain.data.parsing.number_inference import MAX_EXACT_INTEGER
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.scan import fill_masked
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import DataError

LEADING_ZERO = re.compile(r"[+-]?0[0-9]+")


def find_plain_columns(scan: CsvScan, formats: Mapping[str, ColumnFormat]) -> list[str]:
    """Return the columns whose first cells are plain numbers, unless another format is declared."""
    # A blank line is a row only if the table has one column.
    if len(scan.dialect.names) == 1:
        return []
    cells = {name: cells for name, cells in scan.read_sample().items() if name in formats}
    return [name for name in cells if may_be_plain(formats[name]) and are_plain(cells[name])]


def may_be_plain(declared: ColumnFormat) -> bool:
    """Whether plain numbers match a declared format."""
    separators = declared.decimal in (None, ".") and declared.thousands != "."
    others = declared.prefix or declared.suffix or declared.missing
    return declared.kind in (None, "number") and separators and not others


def are_plain(cells: Sequence[str]) -> bool:
    """Whether cells are plain numbers, which do not start like 007, or empty."""
    texts = filter(None, map(str.strip, cells))
    return all(build_plain_pattern(".").fullmatch(text) and not LEADING_ZERO.fullmatch(text) for text in texts)


def read_plain_columns(
    scan: CsvScan, names: Sequence[str], expressions: Mapping[str, str]
) -> tuple[dict[str, RawColumn], dict[str, Array]]:
    """Return the columns among ``names`` that are entirely numeric, and the values of all other ``expressions``."""
    if scan.dialect.text.has_special_digits:
        # Numbers such as 007 and 1_000 would lose digits.
        names = select_plain_columns(scan, names)
    try:
        arrays = scan.with_number_columns(names).select_named(expressions)
    except DataError:
        names = select_plain_columns(scan, names)
        arrays = scan.with_number_columns(names).select_named(expressions)
    columns = {name: build_number_column(name, arrays.pop(name)) for name in names}
    found = {name: column for name, column in columns.items() if column is not None}
    return found, arrays | scan.select_named({name: scan.columns[name] for name in names if name not in found})


def select_plain_columns(scan: CsvScan, names: Sequence[str]) -> list[str]:
    """Return the columns that have only plain numbers and empty cells."""
    expressions = [f"count(*) FILTER ({build_plain_check(scan.columns[name])} = false)" for name in names]
    return [name for name, values in zip(names, scan.select(expressions), strict=True) if values[0] == 0]


def build_plain_check(column: str) -> str:
    """Build the SQL for whether a text is a number that keeps all its digits as a float; NULL for an empty text."""
    text = f"nullif(trim({column}), '')"
    number = f"TRY_CAST({text} AS DOUBLE)"
    odd = f"regexp_matches({text}, '^[-+]?0[0-9]+$|_|[a-df-zA-DF-Z]')"
    return (
        f"CASE WHEN {text} IS NULL THEN NULL ELSE "
        f"coalesce(isfinite({number}) AND abs({number}) < {MAX_EXACT_INTEGER} AND NOT {odd}, false) END"
    )


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
    proven = any({decimal for decimal, _ in find_separators(one.body)} == {"."} for one in written if one is not None)
    return scan.decimals | frozenset("." if proven else "")
