"""What DuckDB may do with the files that it reads: nothing but what it is asked.

It would find columns in the names of folders (``year=2024/``), a compression in that of a file, and rows in a variable
of Python. Names of files reach it through ``get_plain_name``.
"""

from __future__ import annotations

import errno
import os
import re
from typing import Any

__all__ = [
    "COMPRESSED",
    "DUCKDB_SETTINGS",
    "UNCOMPRESSED",
    "build_reader_call",
    "is_memory_limit_reached",
    "to_os_error",
]

# No extension is fetched or loaded, no credentials are read from the disk, no variable of Python is a table.
DUCKDB_SETTINGS: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "python_scan_all_frames": False,
}

# One file is read, and what is not in it is no column.
NO_INFERENCE = "hive_partitioning=false, hive_types_autocast=false, union_by_name=false, filename=false"

# Values of ``compression`` that all readers of all versions know.
COMPRESSED, UNCOMPRESSED = "gzip", "uncompressed"


def build_reader_call(function: str, options: str = "") -> str:
    """The SQL that calls a reader; the name of the file is its first parameter. ``options``: further ones, in SQL."""
    return f"{function}(?, {NO_INFERENCE}{', ' if options else ''}{options})"


def to_os_error(error: Exception) -> OSError:
    """An error of DuckDB when it cannot write, as the system says it: DuckDB has the number in a text of JSON.

    What it may keep on the disk is what was free there.
    """
    text = str(error)
    number = re.search(r'"errno":"(\d+)"', text)
    if number is None and "max_temp_directory_size" not in text and "No space left" not in text:
        return OSError(text.splitlines()[0])
    code = errno.ENOSPC if number is None else int(number[1])
    return OSError(code, os.strerror(code))


def is_memory_limit_reached(error: Exception) -> bool:
    """Whether DuckDB has all the memory that it may, as "(90 MiB/95 MiB used)" says; else the system refused it."""
    return "used)" in str(error)
