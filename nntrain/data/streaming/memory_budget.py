"""How much memory a run may take, and how much its data would."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable
from pathlib import Path

from nntrain.data.memory_size import MIN_MEMORY
from nntrain.data.options.data_options import DataOptions
from nntrain.data.readers.arrow_block import estimate_memory
from nntrain.data.readers.data_file import DataFile
from nntrain.data.streaming.memory_estimate import estimate_dataset_memory, measure_expanded_texts
from nntrain.errors import DataError
from nntrain.formatting import format_size

__all__ = [
    "BASE_MEMORY",
    "STREAMING_MEMORY",
    "build_memory_error",
    "check_rows",
    "fits_in_memory",
    "get_default_memory_limit",
    "get_memory_limit",
    "is_streamed",
]

# Of the memory that is free when a run begins.
DEFAULT_FRACTION = 0.5

# Python with its libraries, a small network and the buffers of DuckDB, whatever the data.
BASE_MEMORY = 150 * 10**6

# The same with the pieces of rows that are read from the disk; and what each of these rows takes in addition: its
# number, its class and its part.
STREAMING_MEMORY = 250 * 10**6
SPLIT_ROW_BYTES = 7

# The same with pyarrow and a piece of a batch of a Feather file.
FEATHER_MEMORY = 200 * 10**6

CGROUP_FOLDER = Path("/sys/fs/cgroup")


def get_memory_limit(options: DataOptions) -> int:
    """What the user gives, or half of what is free now."""
    return get_default_memory_limit() if options.memory is None else options.memory


def get_default_memory_limit() -> int:
    """Half of what is free now."""
    return max(int(get_free_memory() * DEFAULT_FRACTION), MIN_MEMORY)


def is_streamed(options: DataOptions) -> bool:
    """Whether the rows are read from the disk in each epoch: as it is said, or where they would not fit into memory."""
    paths, memory = [path for path in map(Path, options.paths) if path.is_file()], get_memory_limit(options)
    if options.stream is None:
        streamed = not fits_in_memory(paths, memory)
    else:
        streamed = options.stream
        for path in paths:
            check_whole_reads(path, memory - BASE_MEMORY, memory)
    if streamed:
        for path in paths:
            check_texts(path, memory)
    return streamed


def fits_in_memory(paths: Iterable[Path], memory: int) -> bool:
    """Whether the rows of all files fit into the memory of a run.

    DataError for a workbook that does not, since its reader reads all of it.
    """
    left = float(memory - BASE_MEMORY)
    for path in paths:
        check_whole_reads(path, left, memory)
        left -= estimate_dataset_memory(path, left)
    return left >= 0


def check_whole_reads(path: Path, left: float, memory: int) -> None:
    """Check what is read at once: a workbook, for which ``left`` of the memory is left, and batches of Feather."""
    format_ = DataFile.open(path).format
    if format_ == "workbook" and (takes := estimate_dataset_memory(path, left)) > left:
        raise build_memory_error(f"{path}: to read this workbook", BASE_MEMORY + takes, memory, "save the sheet as CSV")
    if format_ == "feather" and (needed := FEATHER_MEMORY + estimate_memory(path)) > memory:
        raise build_memory_error(f"{path}: its largest batch", needed, memory, "write it as Parquet")


def check_texts(path: Path, memory: int) -> None:
    """DataError for a Parquet or Feather file whose texts, each as often as it is a value, do not fit into the memory.

    Those of ordinary files are read from the disk.
    """
    if DataFile.open(path).format in ("parquet", "feather") and (takes := measure_expanded_texts(path)) > memory:
        raise build_memory_error(f"{path}: to unpack its texts", takes, memory, "write shorter texts")


def check_rows(path: Path | str, rows: int, memory: int, each: int = SPLIT_ROW_BYTES) -> None:
    """DataError if the numbers and classes of rows that are read from the disk take more than the memory of a run.

    ``each``: the bytes of a row.
    """
    takes = STREAMING_MEMORY + rows * each
    if takes > memory:
        raise build_memory_error(f"{path}: to split and to count {rows:,} rows", takes, memory, "use fewer rows")


def build_memory_error(what: str, takes: float, memory: int, instead: str) -> DataError:
    """The error for what cannot be done within the memory of a run."""
    gives = math.ceil(takes / 10**8) * 100
    return DataError(
        f"{what} takes about {format_size(gives * 10**6)} of memory, expected at most {format_size(memory)}; "
        f"give more with --memory {gives}MB, or {instead}"
    )


def get_free_memory() -> int:
    """Bytes of memory that a new program could have, as far as the system tells."""
    told = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")] if hasattr(os, "sysconf") else []
    told += [amount for amount in (read_available_memory(), read_cgroup_memory()) if amount is not None]
    return min(told, default=4 * 2**30)


def read_available_memory() -> int | None:
    """What Linux estimates; None elsewhere."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    match = re.search(r"^MemAvailable:\s*(\d+) kB", text, re.MULTILINE)
    return int(match[1]) * 1024 if match else None


def read_cgroup_memory() -> int | None:
    """What a container may still take; None if it has no limit."""
    try:
        limit, used = (
            (CGROUP_FOLDER / name).read_text(encoding="ascii").strip() for name in ("memory.max", "memory.current")
        )
    except OSError:
        return None
    return max(int(limit) - int(used), 0) if limit.isdigit() else None
