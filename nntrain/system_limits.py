"""System limits, and how errors of libraries report them."""

import os
import re
import signal
import time
from collections.abc import Iterator
from functools import partial

# The options of `ulimit`: the limit in Python's module `resource`, and its unit.
ULIMITS = {
    "-v": ("RLIMIT_AS", "B"),
    "-d": ("RLIMIT_DATA", "B"),
    "-u": ("RLIMIT_NPROC", ""),
    "-n": ("RLIMIT_NOFILE", ""),
    "-f": ("RLIMIT_FSIZE", "B"),
}


def format_limit_message(what: str, options: tuple[str, ...], otherwise: str, also: str = "") -> str:
    """Format a line about an exhausted resource: raise the limits that are set, or another fix.

    ``otherwise``: the fix if no limit is set; ``also``: a fix for both cases.
    """
    found = " or ".join(limit for option in options if (limit := format_limit(option)))
    steps = [f"raise the limit of {found}" if found else otherwise, also]
    return f"{what}; {', or '.join(filter(None, steps))}"


def format_limit(option: str) -> str:
    """Format a limit of this process, such as ``900 MB (ulimit -v)``; empty if there is none."""
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

# Seconds by which the CPU time may be below its limit when the system reports that it is reached.
CPU_LIMIT_MARGIN = 1.1

# Messages of the system, Python, the dynamic loader, numpy, HDF5, DuckDB and C++. The first match counts.
MESSAGE_PATTERNS = {
    r"start new thread": format_threads_message,
    r"(cannot start a sandbox process|could not be read in a sandbox process)": format_processes_message,
    r"too many open files|error 24\b": format_files_message,
    r"file too large": format_size_message,
    r"unable to allocate .* for an array": format_rows_message,
    r"^MemoryError|failed to map|(unable|cannot|can.t|could not|failed) (to )?allocate|out of memory|bad_alloc": (
        format_memory_message
    ),
}


def explain_system_error(error: BaseException) -> str | None:
    """Return a line about the memory, threads or files that the system refused; None for other errors."""
    for cause in iterate_causes(error):
        for pattern, format_message in MESSAGE_PATTERNS.items():
            # A file name is not part of the system's message.
            message = cause.strerror if isinstance(cause, OSError) and cause.strerror else cause
            if re.search(pattern, f"{type(cause).__name__}: {message}", re.IGNORECASE):
                return format_message()
    return None


def format_os_error(error: OSError) -> str:
    """Return the reason of a system error, with the limit that was reached."""
    message = os.strerror(error.errno) if error.errno else str(error).partition("\n")[0]
    return explain_system_error(error) or message or "unknown system error"


def iterate_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error, its cause, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def explain_cpu_limit() -> str | None:
    """Return a message if this process has reached its CPU time limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_CPU)[0]
    # The handler of SIGXCPU ignores further ones; with each, Linux raises the limit by a second.
    is_signaled = limit != resource.RLIM_INFINITY and signal.getsignal(signal.SIGXCPU) is signal.SIG_IGN
    if is_signaled and time.process_time() > limit - CPU_LIMIT_MARGIN:
        return "reached the CPU time limit (ulimit -t)"
    return None
