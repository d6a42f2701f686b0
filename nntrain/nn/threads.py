"""Work shared out over a few threads; numpy lets others run while it copies, multiplies and adds.

The number of threads is NNTRAIN_THREADS, or the cores that this process may use, at most MOST. The same work and the
same number of threads always give the same parts, so sums that are made part by part are the same bits from run to run.

Products of matrices use one thread of BLAS meanwhile. Its own threads would share one product more finely, but after
each they wait for the next in a busy loop, and take the cores from whoever else has work.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from nntrain.errors import ArgumentError
from nntrain.nn.array import Array

__all__ = ["PIECE", "PLACE", "in_pieces", "one_blas_thread", "share", "threads"]

Result = TypeVar("Result")

MOST = 8

# Elements in a piece of an array, a megabyte in single precision. Smaller ones lie deeper in the caches, but then the
# threads wait for each other at the beginning of every operation.
PIECE = 1 << 18


class Place(threading.local):
    """Which part of shared work this thread is at, if at any; memory that a component keeps is each part's own."""

    part = 0
    busy = False


PLACE = Place()


def threads() -> int:
    """How many threads share out work. ArgumentError if NNTRAIN_THREADS is no number of at least 1."""
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


def share(count: int, work: Callable[[range], Result], least: int = 1) -> list[Result]:
    """``work(range)`` for parts of range(count), one a thread, none shorter than ``least``; the results in order."""
    parts = 1 if PLACE.busy else max(min(threads(), count // least), 1)
    ranges = [range(count * part // parts, count * (part + 1) // parts) for part in range(parts)]
    with one_blas_thread():
        if parts == 1:
            return [work(ranges[0])]
        others = [pool(os.getpid()).submit(at_part, part, work, ranges[part]) for part in range(1, parts)]
        try:
            first = at_part(0, work, ranges[0])
        finally:
            rest = [other.exception() for other in others]
        for error in filter(None, rest):
            raise error
        return [first, *(other.result() for other in others)]


def at_part(part: int, work: Callable[[range], Result], some: range) -> Result:
    """One part of shared work."""
    PLACE.part, PLACE.busy = part, True
    try:
        return work(some)
    finally:
        PLACE.part, PLACE.busy = 0, False


@cache
def pool(process: int) -> ThreadPoolExecutor:
    """The threads of a process; a child made by a fork has none of its parent's."""
    return ThreadPoolExecutor(max(threads(), MOST) - 1, "nntrain")


def in_pieces(work: Callable[..., object], *arrays: Array) -> None:
    """``work(*pieces)`` for flat pieces of arrays of one shape, shared out; whole if they are small or not contiguous.

    A piece stays in the caches from one operation of ``work`` to the next.
    """
    size = arrays[0].size
    if size < 2 * PIECE or not all(array.flags.c_contiguous for array in arrays):
        work(*arrays)
        return
    flat = [array.reshape(-1) for array in arrays]

    def some_pieces(some: range) -> None:
        for piece in some:
            start = piece * PIECE
            work(*(array[start : start + PIECE] for array in flat))

    share(-(-size // PIECE), some_pieces, least=2)


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """A context in which a matrix product uses one thread."""
    found = openblas()
    before = 1 if found is None else found[0]()
    if found is None or before == 1:
        yield
        return
    _, put = found
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
