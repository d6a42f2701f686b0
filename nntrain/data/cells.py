"""SQL that reads one cell: as text without blanks and without the words for nothing, as a number, a boolean, a time."""

from __future__ import annotations

from collections.abc import Mapping

from nntrain.data.raw_column import Kind

__all__ = ["SQL_TYPES", "cell", "identifier", "text_of"]

# What stands for a missing value, as a regular expression: the empty text is the last of the choices.
# "None" is not among them: it is a category in many tables (no alley, no basement).
# A regular expression, since DuckDB makes of each long IN (...) a join, and a table of 200 columns would have 200.
NULLS = "NA|N/A|n/a|#N/A|NaN|nan|NAN|null|NULL|[?]|"

SQL_TYPES: Mapping[Kind, str] = {"number": "DOUBLE", "boolean": "DOUBLE", "time": "TIMESTAMP", "text": "VARCHAR"}


def identifier(name: str) -> str:
    """A name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def text_of(column: str) -> str:
    """The text of a cell without the blanks around it; NULL for the words that stand for a missing value."""
    trimmed = f"trim(CAST({column} AS VARCHAR))"
    return f"CASE WHEN NOT regexp_full_match({trimmed}, '{NULLS}') THEN {trimmed} END"


def cell(text: str, kind: Kind, *, comma: bool = False, declared: bool = False) -> str:
    """``text`` read as ``kind``; NULL where it is none.

    ``comma``: 2,5 is a number, as in files whose delimiter is a semicolon. ``declared``: a boolean may be written
    yes, no, 0 and 1, which in a column of unknown kind are categories and numbers.
    """
    if kind == "number":
        text = f"replace({text}, ',', '.')" if comma else text
        number = f"TRY_CAST({text} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    if kind == "boolean":
        return f"TRY_CAST({text} AS BOOLEAN)" if declared else spelled_boolean(text)
    if kind == "time":
        return read_time(text)
    return text


def spelled_boolean(text: str) -> str:
    return f"CASE lower({text}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"


def read_time(text: str) -> str:
    """A date, a date and a time, or a time of day, which is read as one of the first of January 1970."""
    read = f"coalesce(TRY_CAST({text} AS TIMESTAMP), TRY_CAST('1970-01-01 ' || {text} AS TIMESTAMP))"
    # Most values are no times, and a look at their letters costs less than two casts that fail.
    digit = f"ascii({text}) BETWEEN ascii('0') AND ascii('9')"
    marks = " OR ".join(f"contains({text}, '{mark}')" for mark in "-:/")
    return f"CASE WHEN {digit} AND ({marks}) THEN {read} END"
