"""Samples shared out over a few threads; numpy lets others run while it copies, multiplies and adds.

The number of threads is NNTRAIN_THREADS, or the cores that this process may use, at most 4. A number of samples and
of threads always gives the same parts, so sums that are made part by part are the same bits from run to run.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from nntrain.errors import ArgumentError

__all__ = ["share", "threads"]

Result = TypeVar("Result")

MOST = 4


def threads() -> int:
    """How many threads share out samples. ArgumentError if NNTRAIN_THREADS is no number of at least 1."""
    given = os.environ.get("NNTRAIN_THREADS")
    if given is None:
        return min(cores(), MOST)
    if not given.isdecimal() or int(given) < 1:
        raise ArgumentError(f"NNTRAIN_THREADS: expected a whole number of at least 1, got {given!r}")
    return int(given)


@cache
def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share(samples: int, work: Callable[[int, range], Result]) -> list[Result]:
    """``work(part, range of samples)`` for each part, one a thread; the results in the order of the parts."""
    parts = max(min(threads(), samples), 1)
    ranges = [range(samples * part // parts, samples * (part + 1) // parts) for part in range(parts)]
    if parts == 1:
        return [work(0, ranges[0])]
    with single_threaded_products():
        others = [pool(os.getpid()).submit(work, part, ranges[part]) for part in range(1, parts)]
        try:
            first = work(0, ranges[0])
        finally:
            rest = [other.exception() for other in others]
        for error in filter(None, rest):
            raise error
        return [first, *(other.result() for other in others)]


@cache
def pool(process: int) -> ThreadPoolExecutor:
    """The threads of a process; a child made by a fork has none of its parent's."""
    return ThreadPoolExecutor(max(threads(), MOST) - 1, "nntrain")


@contextmanager
def single_threaded_products() -> Iterator[None]:
    """A context in which a matrix product uses one thread: threads within threads wait for each other."""
    found = openblas()
    if found is None:
        yield
        return
    get, put = found
    before = get()
    put(1)
    try:
        yield
    finally:
        put(before)


@cache
def openblas() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """How to ask for and set the threads of the OpenBLAS that numpy's wheels bring along; None for another numpy."""
    folder = Path(np.__file__).parent
    for path in [*folder.parent.glob("numpy.libs/*openblas*"), *folder.glob(".dylibs/*openblas*")]:
        library = ctypes.CDLL(str(path))
        for prefix, suffix in (
            ("scipy_openblas", "64_"),
            ("openblas", "64_"),
            ("scipy_openblas", ""),
            ("openblas", ""),
        ):
            get = getattr(library, f"{prefix}_get_num_threads{suffix}", None)
            put = getattr(library, f"{prefix}_set_num_threads{suffix}", None)
            if get is not None and put is not None:
                return get, put
    return None
