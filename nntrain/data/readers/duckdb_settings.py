"""Settings that keep DuckDB from interpreting paths and loading code.

By default it infers columns from the names of folders (``year=2024/``), the compression from the name of a file, and
tables from Python variables. File names are passed to it through ``get_plain_name``.
"""

import errno
import os
import re
from typing import Any

# Do not download or load extensions, read credentials from disk, or use Python variables as tables.
DUCKDB_SETTINGS: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "python_scan_all_frames": False,
}

# Read one file; all columns are in it.
NO_INFERENCE = "hive_partitioning=false, hive_types_autocast=false, union_by_name=false, filename=false"

# Values of ``compression`` that all readers of all versions accept.
COMPRESSED, UNCOMPRESSED = "gzip", "uncompressed"


def build_reader_call(function: str, options: str = "") -> str:
    """Build the SQL call of a reader, whose first parameter is the file name. ``options``: further ones, in SQL."""
    return f"{function}(?, {NO_INFERENCE}{', ' if options else ''}{options})"


def to_os_error(error: Exception) -> OSError:
    """Convert DuckDB's error for a failed write into that of the system, whose number is in its JSON text.

    DuckDB's limit of space on disk is the space that was free.
    """
    text = str(error)
    number = re.search(r'"errno":"(\d+)"', text)
    if number is None and "max_temp_directory_size" not in text and "No space left" not in text:
        return OSError(text.splitlines()[0])
    code = errno.ENOSPC if number is None else int(number[1])
    return OSError(code, os.strerror(code))
