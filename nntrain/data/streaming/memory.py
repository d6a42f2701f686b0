"""How much memory a run may take, and how much its data would."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable
from pathlib import Path

from nntrain.data.arrow_blocks import memory_of_blocks
from nntrain.data.byte_count import LEAST
from nntrain.data.data_options import DataOptions
from nntrain.data.feather import ARROW
from nntrain.data.streaming.needed import needed, texts_beyond
from nntrain.data.table_source import begins, is_parquet, is_workbook
from nntrain.errors import DataError
from nntrain.size_text import size_text

__all__ = ["BASE", "STREAMING", "check_rows", "fit", "free_share", "memory_for", "streams", "too_little"]

# Of the memory that is free when a run begins.
SHARE = 0.5

# Python with its libraries, a small network and the buffers of DuckDB, whatever the data.
BASE = 150 * 10**6

# The same with the pieces of rows that are read from the disk; and what each of these rows takes in addition: its
# number, its class and its part.
STREAMING = 250 * 10**6
SPLIT = 7

# The same with pyarrow and a piece of a batch of a Feather file.
READING = 200 * 10**6

CGROUP = Path("/sys/fs/cgroup")


def memory_for(options: DataOptions) -> int:
    """What the user gives, or half of what is free now."""
    return free_share() if options.memory is None else options.memory


def free_share() -> int:
    """Half of what is free now."""
    return max(int(free() * SHARE), LEAST)


def streams(options: DataOptions) -> bool:
    """Whether the rows are read from the disk in each epoch: as it is said, or where they would not fit into memory."""
    paths, memory = [path for path in map(Path, options.paths) if path.is_file()], memory_for(options)
    if options.stream is None:
        streamed = not fit(paths, memory)
    else:
        streamed = options.stream
        for path in paths:
            check_blocks(path, memory)
            check_workbook(path, memory - BASE, memory)
    if streamed:
        for path in paths:
            check_texts(path, memory)
    return streamed


def fit(paths: Iterable[Path], memory: int) -> bool:
    """Whether the rows of all files fit into the memory of a run.

    DataError for a workbook that does not, since its reader reads all of it.
    """
    left = float(memory - BASE)
    for path in paths:
        check_blocks(path, memory)
        check_workbook(path, left, memory)
        left -= needed(path, left)
    return left >= 0


def check_workbook(path: Path, left: float, memory: int) -> None:
    """DataError for a workbook that takes more than what is ``left`` of the memory."""
    if is_workbook(path) and (takes := needed(path, left)) > left:
        raise too_little(f"{path}: to read this workbook", BASE + takes, memory, "save the sheet as CSV")


def check_texts(path: Path, memory: int) -> None:
    """DataError for a Parquet or Feather file whose texts, each as often as it is a value, do not fit into the memory.

    Those of ordinary files are read from the disk.
    """
    if (is_parquet(path) or begins(path, ARROW)) and (takes := texts_beyond(path)) > memory:
        raise too_little(f"{path}: to unpack its texts", takes, memory, "write shorter texts")


def check_blocks(path: Path, memory: int) -> None:
    """DataError for a Feather file with batches that do not fit into the memory, each of which is read at once."""
    if begins(path, ARROW):
        takes = READING + memory_of_blocks(path)
        if takes > memory:
            raise too_little(f"{path}: its largest batch", takes, memory, "write it as Parquet")


def check_rows(path: Path | str, rows: int, memory: int, each: int = SPLIT) -> None:
    """DataError if the numbers and classes of rows that are read from the disk take more than the memory of a run.

    ``each``: the bytes of a row.
    """
    takes = STREAMING + rows * each
    if takes > memory:
        raise too_little(f"{path}: to split and to count {rows:,} rows", takes, memory, "use fewer rows")


def too_little(what: str, takes: float, memory: int, instead: str) -> DataError:
    """The error for what cannot be done within the memory of a run."""
    gives = math.ceil(takes / 10**8) * 100
    return DataError(
        f"{what} takes about {size_text(gives * 10**6)} of memory, expected at most {size_text(memory)}; "
        f"give more with --memory {gives}MB, or {instead}"
    )


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
