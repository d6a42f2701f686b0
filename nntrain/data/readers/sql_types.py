"""DuckDB's types of values in Python."""

from datetime import date, datetime

PYTHON_TYPES: dict[str, set[type]] = {
    "BOOLEAN": {bool},
    "BIGINT": {int},
    "DOUBLE": {int, float},
    "TIMESTAMP": {date, datetime},
}


def infer_sql_type(found: set[type]) -> str:
    """Infer the DuckDB type for values of these Python types; VARCHAR for a mixture."""
    found = found - {type(None)}
    return next((type_ for type_, types in PYTHON_TYPES.items() if found and found <= types), "VARCHAR")
