"""Values of columns as text for people."""

from typing import Any

from nntrain.data.tables.raw_column import ValueKind
from nntrain.formatting import format_significant, shorten

# Digits of a number, and characters of a cell.
MAX_DIGITS, MAX_CHARACTERS = 10, 60


def format_cell(value: Any, kind: ValueKind) -> str:
    """Format a value of a column; empty if it is missing."""
    if value is None or value != value:
        return ""
    if kind == "number":
        return format_significant(float(value), MAX_DIGITS)
    if kind == "boolean":
        return "true" if value else "false"
    text = shorten(str(value), MAX_CHARACTERS)
    return text.removesuffix(".000000").removesuffix("T00:00:00") if kind == "time" else text
