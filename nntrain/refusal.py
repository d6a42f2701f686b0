"""What the system refused, where a library says it in other words than an OSError or a MemoryError."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["refusal"]

MEMORY = "not enough memory; try fewer rows or a smaller network, or raise the limit (ulimit -v)"
THREADS = "cannot start another thread; try NNTRAIN_THREADS=1, or raise the limits (ulimit -u, ulimit -v)"
FILES = "too many files are open; raise the limit (ulimit -n)"

# Words of Python, the loader of libraries, numpy, HDF5, DuckDB and C++.
WORDS = {
    r"start new thread": THREADS,
    r"too many open files|error 24\b": FILES,
    r"failed to map|(unable|cannot|can't|could not|failed) (to )?allocate|out of memory|bad_alloc": MEMORY,
}


def refusal(error: BaseException) -> str | None:
    """A line on the memory, threads or files that were refused, or None if the error is another."""
    for cause in causes(error):
        if isinstance(cause, MemoryError):
            return MEMORY
        for words, line in WORDS.items():
            if re.search(words, str(cause), re.IGNORECASE):
                return line
    return None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, the one that it was raised from, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
