"""The memory limit of a run, and whether its data fit."""

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

# The default limit, as a fraction of the free memory at the start of a run.
DEFAULT_FRACTION = 0.5

# Python with its libraries, a small network and the buffers of DuckDB, independent of the data.
BASE_MEMORY = 150 * 10**6

# The same with chunks of rows from disk; and the bytes of each row in addition: its number, its class and its set.
STREAMING_MEMORY = 250 * 10**6
SPLIT_ROW_BYTES = 7

# The same with pyarrow and a chunk of a batch of a Feather file.
FEATHER_MEMORY = 200 * 10**6

CGROUP_FOLDER = Path("/sys/fs/cgroup")


def get_memory_limit(options: DataOptions) -> int:
    """Return the limit that the user sets, or the default."""
    return get_default_memory_limit() if options.memory is None else options.memory


def get_default_memory_limit() -> int:
    """Return half of the free memory."""
    return max(int(get_free_memory() * DEFAULT_FRACTION), MIN_MEMORY)


def is_streamed(options: DataOptions) -> bool:
    """Return whether the rows are read from disk in each epoch: as set, or because they do not fit in memory."""
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
    """Return whether the rows of all files fit in the memory of a run.

    DataError for a workbook that does not fit, because its reader loads all of it.
    """
    left = float(memory - BASE_MEMORY)
    for path in paths:
        check_whole_reads(path, left, memory)
        left -= estimate_dataset_memory(path, left)
    return left >= 0


def check_whole_reads(path: Path, left: float, memory: int) -> None:
    """Raise a DataError for a workbook larger than the memory ``left``, or a Feather batch larger than ``memory``."""
    format_ = DataFile.open(path).format
    if format_ == "workbook" and (takes := estimate_dataset_memory(path, left)) > left:
        raise build_memory_error(f"{path}: reading this workbook", BASE_MEMORY + takes, memory, "save the sheet as CSV")
    if format_ == "feather" and (needed := FEATHER_MEMORY + estimate_memory(path)) > memory:
        raise build_memory_error(f"{path}: its largest batch", needed, memory, "write it as Parquet")


def check_texts(path: Path, memory: int) -> None:
    """Raise a DataError for a Parquet or Feather file whose strings, repeated for each value, do not fit in memory.

    The strings of other files are read from disk.
    """
    if DataFile.open(path).format in ("parquet", "feather") and (takes := measure_expanded_texts(path)) > memory:
        raise build_memory_error(f"{path}: unpacking its strings", takes, memory, "write shorter strings")


def check_rows(path: Path | str, rows: int, memory: int, each: int = SPLIT_ROW_BYTES) -> None:
    """Raise a DataError if the split of ``rows`` streamed rows, with ``each`` bytes per row, does not fit in memory."""
    takes = STREAMING_MEMORY + rows * each
    if takes > memory:
        raise build_memory_error(f"{path}: splitting and counting {rows:,} rows", takes, memory, "use fewer rows")


def build_memory_error(step: str, takes: float, memory: int, instead: str) -> DataError:
    """Return the error for a step that does not fit in the memory of a run; ``instead``: the other fix."""
    megabytes = math.ceil(takes / 10**8) * 100
    return DataError(
        f"{step} takes about {format_size(megabytes * 10**6)} of memory, expected at most {format_size(memory)}; "
        f"raise the limit with --memory {megabytes}MB, or {instead}"
    )


def get_free_memory() -> int:
    """Return the bytes of memory available to a new program, as reported by the system."""
    sizes = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")] if hasattr(os, "sysconf") else []
    sizes += [size for size in (read_available_memory(), read_cgroup_memory()) if size is not None]
    return min(sizes, default=4 * 2**30)


def read_available_memory() -> int | None:
    """Return the estimate of Linux; None on other systems."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    match = re.search(r"^MemAvailable:\s*(\d+) kB", text, re.MULTILINE)
    return int(match[1]) * 1024 if match else None


def read_cgroup_memory() -> int | None:
    """Return the memory left to a container; None if it has no limit."""
    try:
        limit, used = (
            (CGROUP_FOLDER / name).read_text(encoding="ascii").strip() for name in ("memory.max", "memory.current")
        )
    except OSError:
        return None
    return max(int(limit) - int(used), 0) if limit.isdigit() else None
