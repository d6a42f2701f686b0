"""What DuckDB may do with the files that it reads: nothing but what it is asked.

It would find columns in the names of folders (``year=2024/``), a compression in that of a file, and rows in a variable
of Python. Names of files reach it through ``plain_name``.
"""

from __future__ import annotations

import errno
import os
import re
from typing import Any

__all__ = ["COMPRESSED", "SETTINGS", "UNCOMPRESSED", "reached_limit", "reading", "system_error"]

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


def system_error(error: Exception) -> OSError:
    """An error of DuckDB when it cannot write, as the system says it: DuckDB has the number in a text of JSON.

    What it may keep on the disk is what was free there.
    """
    text = str(error)
    number = re.search(r'"errno":"(\d+)"', text)
    if number is None and "max_temp_directory_size" not in text and "No space left" not in text:
        return OSError(text.splitlines()[0])
    code = errno.ENOSPC if number is None else int(number[1])
    return OSError(code, os.strerror(code))


def reached_limit(error: Exception) -> bool:
    """Whether DuckDB has all the memory that it may, as "(90 MiB/95 MiB used)" says; else the system refused it."""
    return "used)" in str(error)
