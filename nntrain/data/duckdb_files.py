"""What DuckDB may do with the files that it reads: nothing but what it is asked.

It would find columns in the names of folders (``year=2024/``), a compression in that of a file, and rows in a variable
of Python. Names of files reach it through ``plain_name``.
"""

from __future__ import annotations

from typing import Any

__all__ = ["COMPRESSED", "SETTINGS", "UNCOMPRESSED", "reading"]

# No extension is fetched or loaded, no credentials are read from the disk, no variable of Python is a table.
SETTINGS: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "python_scan_all_frames": False,
}

# One file is read, and what is not in it is no column.
NOTHING_GUESSED = "hive_partitioning=false, hive_types_autocast=false, union_by_name=false, filename=false"

# Values of ``compression`` that all readers of all versions know.
COMPRESSED, UNCOMPRESSED = "gzip", "uncompressed"


def reading(function: str, options: str = "") -> str:
    """The SQL that calls a reader; the name of the file is its first parameter. ``options``: further ones, in SQL."""
    return f"{function}(?, {NOTHING_GUESSED}{', ' if options else ''}{options})"
