"""How much memory a run may take, and how much its data would."""

from __future__ import annotations

import os
import re
from pathlib import Path

from nntrain.data.byte_count import LEAST
from nntrain.data.csv_text import is_gzip
from nntrain.data.data_options import DataOptions
from nntrain.data.hdf5_layout import holds_arrays, is_hdf5
from nntrain.data.table_source import begins, is_parquet
from nntrain.data.zipped import ZIP

__all__ = ["free_share", "memory_for", "needed", "streams"]

# Of the memory that is free when a run begins.
SHARE = 0.5

# What reading, encoding and splitting takes at its peak, in bytes of the file: texts become objects, pixels floats.
TIMES = {"gzip": 40, "parquet": 24, "hdf5": 6, "table": 24, "text": 8}

CGROUP = Path("/sys/fs/cgroup")


def memory_for(options: DataOptions) -> int:
    """What the user gives, or half of what is free now."""
    return free_share() if options.memory is None else options.memory


def free_share() -> int:
    """Half of what is free now."""
    return max(int(free() * SHARE), LEAST)


def streams(options: DataOptions) -> bool:
    """Whether the rows are read from the disk in each epoch: as it is said, or where they would not fit into memory."""
    if options.stream is not None:
        return options.stream
    return sum(needed(path) for path in map(Path, options.paths) if path.is_file()) > memory_for(options)


def needed(path: Path) -> int:
    """About how many bytes of memory the rows of a file take when they are loaded whole."""
    if is_hdf5(path):
        form = "hdf5" if holds_arrays(path) else "table"
    else:
        form = "parquet" if is_parquet(path) else "gzip" if is_gzip(path) or begins(path, ZIP) else "text"
    return path.stat().st_size * TIMES[form]


def free() -> int:
    """Bytes of memory that a new program could have, as far as the system tells."""
    told = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")] if hasattr(os, "sysconf") else []
    told += [amount for amount in (available(), left_of_the_group()) if amount is not None]
    return min(told, default=4 * 2**30)


def available() -> int | None:
    """What Linux estimates; None elsewhere."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    match = re.search(r"^MemAvailable:\s*(\d+) kB", text, re.MULTILINE)
    return int(match[1]) * 1024 if match else None


def left_of_the_group() -> int | None:
    """What a container may still take; None if it has no limit."""
    try:
        limit, used = ((CGROUP / name).read_text(encoding="ascii").strip() for name in ("memory.max", "memory.current"))
    except OSError:
        return None
    return max(int(limit) - int(used), 0) if limit.isdigit() else None
