"""Cells of a CSV file that a spreadsheet shows and does not compute."""

from __future__ import annotations

import re

__all__ = ["safe_cell"]

# How a formula begins, in full width and as small forms too, and after spaces and invisible characters that a
# spreadsheet may strip; OWASP, "CSV Injection".
FORMULA = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
)

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def safe_cell(text: str) -> str:
    """The text, after an apostrophe if a spreadsheet would compute it; numbers such as -1.5 stay."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text
