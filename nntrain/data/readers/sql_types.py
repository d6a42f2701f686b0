"""DuckDB's types of values in Python and in NumPy."""

from __future__ import annotations

from datetime import date, datetime

from nntrain.compute.array import Array

PYTHON_TYPES: dict[str, set[type]] = {
    "BOOLEAN": {bool},
    "BIGINT": {int},
    "DOUBLE": {int, float},
    "TIMESTAMP": {date, datetime},
}

# For NumPy's kinds of arrays; the types of numbers depend on their size.
ARRAY_TYPES = {"b": "BOOLEAN", "M": "TIMESTAMP", "O": "VARCHAR"}
INTEGER_TYPES = {1: "TINYINT", 2: "SMALLINT", 4: "INTEGER", 8: "BIGINT"}
FLOAT_TYPES = {4: "FLOAT", 8: "DOUBLE"}


def infer_sql_type(found: set[type]) -> str:
    """Infer the DuckDB type for values of these Python types; VARCHAR for a mixture."""
    found = found - {type(None)}
    return next((type_ for type_, types in PYTHON_TYPES.items() if found and found <= types), "VARCHAR")


def get_sql_type(values: Array) -> str:
    """Return the DuckDB type of an array."""
    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind in ARRAY_TYPES:
        return ARRAY_TYPES[kind]
    if kind == "f":
        return FLOAT_TYPES[size]
    return f"U{INTEGER_TYPES[size]}" if kind == "u" else INTEGER_TYPES[size]
