"""Limits of the system, also where a library reports them in words of its own."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from functools import partial

__all__ = ["explain_cpu_limit", "explain_system_error", "format_limit_message", "format_os_error"]

# What `ulimit` sets: the limit in Python's module `resource`, and its unit.
ULIMITS = {
    "-v": ("RLIMIT_AS", "B"),
    "-d": ("RLIMIT_DATA", "B"),
    "-u": ("RLIMIT_NPROC", ""),
    "-n": ("RLIMIT_NOFILE", ""),
    "-f": ("RLIMIT_FSIZE", "B"),
}


def format_limit_message(what: str, options: tuple[str, ...], otherwise: str, also: str = "") -> str:
    """A line on what is used up: raise the limits that are set, or do something else.

    ``otherwise``: what to do where no limit is set; ``also``: what to do in either case.
    """
    found = " or ".join(limit for option in options if (limit := format_limit(option)))
    steps = [f"raise the limit of {found}" if found else otherwise, also]
    return f"{what}; {', or '.join(filter(None, steps))}"


def format_limit(option: str) -> str:
    """A limit of this process, such as ``900 MB (ulimit -v)``; empty if it has none."""
    try:
        import resource
    except ImportError:  # Windows
        return ""
    name, unit = ULIMITS[option]
    limit = resource.getrlimit(getattr(resource, name))[0]
    if limit == resource.RLIM_INFINITY:
        return ""
    megabytes = unit == "B" and limit >= 10**6
    size = f"{limit / 10**6:,.0f} MB" if megabytes else f"{limit:,} {unit}".strip()
    return f"{size} (ulimit {option})"


format_memory_message = partial(format_limit_message, "not enough memory", ("-v", "-d"), "free some")
format_rows_message = partial(format_memory_message, also="try fewer rows or a smaller network")
format_threads_message = partial(
    format_limit_message, "cannot start another thread", ("-v", "-u"), "stop others", "set NNTRAIN_THREADS=1"
)
format_processes_message = partial(format_limit_message, "cannot start another process", ("-u", "-v"), "stop others")
format_files_message = partial(format_limit_message, "too many open files", ("-n",), "close some")
format_size_message = partial(format_limit_message, "file too large", ("-f",), "choose another disk")

# Seconds before the limit of CPU time that a process may have when the system says that it has reached it.
CPU_LIMIT_MARGIN = 1.1

# Words of the system, of Python, the loader of libraries, numpy, HDF5, DuckDB and C++. The first that fit count.
MESSAGE_PATTERNS = {
    r"start new thread": format_threads_message,
    r"(no process can be started|could not be tried in a process)": format_processes_message,
    r"too many open files|error 24\b": format_files_message,
    r"file too large": format_size_message,
    r"unable to allocate .* for an array": format_rows_message,
    r"^MemoryError|failed to map|(unable|cannot|can't|could not|failed) (to )?allocate|out of memory|bad_alloc": (
        format_memory_message
    ),
}


def explain_system_error(error: BaseException) -> str | None:
    """A line on the memory, threads or files that the system refused, or None if the error is another."""
    for cause in iterate_causes(error):
        for words, line in MESSAGE_PATTERNS.items():
            # The name of a file is not the system's word.
            said = cause.strerror if isinstance(cause, OSError) and cause.strerror else cause
            if re.search(words, f"{type(cause).__name__}: {said}", re.IGNORECASE):
                return line()
    return None


def format_os_error(error: OSError) -> str:
    """Why the system refused, in words: with the limit that was reached."""
    said = os.strerror(error.errno) if error.errno else str(error).partition("\n")[0]
    return explain_system_error(error) or said or "an unknown error of the system"


def iterate_causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, the one that it was raised from, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def explain_cpu_limit() -> str | None:
    """A few words if this process has reached its limit of CPU time."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_CPU)[0]
    # The handlers of XCPU ignore it after the first, with which Linux raises the limit by a second.
    came = limit != resource.RLIM_INFINITY and signal.getsignal(signal.SIGXCPU) is signal.SIG_IGN
    return (
        "reached the limit of CPU time (ulimit -t)" if came and time.process_time() > limit - CPU_LIMIT_MARGIN else None
    )
