"""The numbers that objects begin with."""

from __future__ import annotations

__all__ = ["BOOLEAN", "FUNCTIONS", "NIL", "NUMBER", "PLAIN_FUNCTION", "STRING", "TABLE", "TORCH"]

NIL = 0
NUMBER = 1
STRING = 2
TABLE = 3
TORCH = 4
BOOLEAN = 5
# Without an index: the same function at two places is two.
PLAIN_FUNCTION = 6
FUNCTIONS = (PLAIN_FUNCTION, 7, 8)
