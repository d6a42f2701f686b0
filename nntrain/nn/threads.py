"""Work for a few threads: those of BLAS, which share every product, or a pool, which shares out samples.

The number of threads is NNTRAIN_THREADS, or the cores that this process may use, at most MOST. The same work and the
same number of threads always give the same parts, so sums that are made part by part are the same bits from run to run.

BLAS wakes its threads several times faster than Python does, because after each product they wait for the next in a
busy loop; but so they take the cores from whoever else has work. Hence a network has one kind of threads or the other,
and which follows from its layers: ``threads_for``. Figures: docs/performance.md.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TypeVar

from nntrain.errors import ArgumentError
from nntrain.nn.array import Array
from nntrain.nn.openblas import openblas

__all__ = ["PIECE", "PLACE", "blas_threads", "cores", "in_pieces", "pooled", "share", "threads", "threads_for"]

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


class Pool:
    """Whether the pool is at work, rather than the threads of BLAS."""

    at_work = False


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
    """``work(range)`` for parts of range(count), none shorter than ``least``; the results in order.

    There is one part for each thread of the pool inside ``pooled``, a single one elsewhere.
    """
    parts = max(min(threads(), count // least), 1) if Pool.at_work and not PLACE.busy else 1
    if parts == 1:
        return [work(range(count))]
    ranges = [range(count * part // parts, count * (part + 1) // parts) for part in range(parts)]
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


def threads_for(shares_samples: bool) -> AbstractContextManager[None]:
    """A context in which a network is fast: the pool's if some layer shares out samples, BLAS's if none does."""
    return pooled() if shares_samples else blas_threads(threads())


@contextmanager
def pooled() -> Iterator[None]:
    """A context in which ``share`` has the pool, and a product one thread of BLAS."""
    if Pool.at_work:
        yield
        return
    with blas_threads(1):
        Pool.at_work = True
        try:
            yield
        finally:
            Pool.at_work = False


@contextmanager
def blas_threads(count: int) -> Iterator[None]:
    """A context in which a product uses so many threads of BLAS, if that is OpenBLAS."""
    blas = openblas()
    if blas is None or blas.threads == count:
        yield
        return
    before, blas.threads = blas.threads, count
    try:
        yield
    finally:
        blas.threads = before
