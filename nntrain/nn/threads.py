"""Work for a few threads: a pool, which shares out samples, rows and pieces, or those of BLAS, which share products.

The number of threads is NNTRAIN_THREADS, or the cores that this process may use, at most MOST. The same work and the
same number of threads always give the same parts, so sums that are made part by part are the same bits from run to run.

BLAS wakes its threads faster than Python does, because after each product they wait for the next in a busy loop; but
where other programs want the cores too, the threads of one product then wait for each other a thousand times longer
than the product takes. In the pool a part that no thread has begun is done by the one that would wait for it. Figures:
docs/performance.md.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import cache, partial
from typing import TypeVar

from nntrain.errors import ArgumentError
from nntrain.nn.array import Array
from nntrain.nn.denormals import flush, flushed, flushing
from nntrain.nn.openblas import openblas
from nntrain.nn.worker import Worker

__all__ = [
    "PIECE",
    "PLACE",
    "at_work",
    "blas_threads",
    "cores",
    "each",
    "in_pieces",
    "pooled",
    "share",
    "threading_kind",
    "threads",
]

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 8

# The most that NNTRAIN_THREADS may be.
MOST_GIVEN = 1024

# Elements in a piece of an array, a megabyte in single precision. Smaller ones lie deeper in the caches, but then the
# threads wait for each other at the beginning of every operation.
PIECE = 1 << 18


class Place(threading.local):
    """Which part of shared work this thread is at, if at any; memory that a component keeps is each part's own."""

    part = 0
    busy = False


PLACE = Place()


class Pool:
    """Whether the pool shares out work."""

    open = False


def threads() -> int:
    """How many threads share out work. ArgumentError if NNTRAIN_THREADS is not a number from 1 to MOST_GIVEN."""
    given = os.environ.get("NNTRAIN_THREADS")
    if given is None:
        return min(cores(), MOST)
    # Python converts no number of thousands of digits.
    if not given.isdecimal() or len(given) > 9 or not 1 <= int(given) <= MOST_GIVEN:
        raise ArgumentError(
            f"NNTRAIN_THREADS: expected a whole number of at least 1 and at most {MOST_GIVEN}, got {given!r}"
        )
    return int(given)


@cache
def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share(count: int, work: Callable[[range], Result], least: int = 1) -> list[Result]:
    """``work(range)`` for parts of range(count), none shorter than ``least``; the results in order.

    There is one part for each thread of the pool inside ``pooled``, a single one elsewhere.
    """
    parts = max(min(threads(), count // least), 1) if Pool.open and not PLACE.busy else 1
    if parts == 1:
        return [work(range(count))]
    ranges = [range(count * part // parts, count * (part + 1) // parts) for part in range(parts)]
    workers = [hired(os.getpid()) for _ in range(1, parts)]
    # As the caller would do it: whichever thread a part falls to, it gives the same bits and the same warnings.
    flushes = flushing()
    try:
        for part, worker in enumerate(workers, 1):
            worker.give(partial(copy_context().run, elsewhere, flushes, part, work, ranges[part]))
        results = [at_part(0, work, ranges[0])]
        for part, worker in enumerate(workers, 1):
            mine = worker.call_off()
            results.append(at_part(part, work, ranges[part]) if mine else worker.result())
    finally:
        # Nobody else writes once the caller goes on.
        for worker in workers:
            if not worker.call_off():
                worker.wait()
            idle(os.getpid()).append(worker)
    return results


def at_part(part: int, work: Callable[[range], Result], some: range) -> Result:
    """One part of shared work."""
    PLACE.part, PLACE.busy = part, True
    try:
        return work(some)
    finally:
        PLACE.part, PLACE.busy = 0, False


def elsewhere(flushes: bool, part: int, work: Callable[[range], Result], some: range) -> Result:
    """One part, in a worker's thread, which may have been made by a caller that flushed, or served one."""
    flush(flushes)
    return at_part(part, work, some)


@cache
def idle(process: int) -> list[Worker]:
    """The workers of a process that have nothing to do; a child made by a fork has none of its parent's."""
    return []


def hired(process: int) -> Worker:
    """A worker that was idle, or a new one."""
    try:
        return idle(process).pop()
    except IndexError:
        return Worker()


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


def each(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """``function`` of each item, in order; the items are shared out, as by ``share``."""
    listed = list(items)
    parts = share(len(listed), lambda some: [function(item) for item in listed[some.start : some.stop]])
    return [result for part in parts for result in part]


@contextmanager
def at_work() -> Iterator[None]:
    """The context in which networks learn and predict."""
    sharing = pooled() if threading_kind() == "pool" else blas_threads(threads())
    with flushed(), sharing:
        yield


def threading_kind() -> str:
    """Whose threads share out work: "pool", or what NNTRAIN_THREADING says. ArgumentError if that is not "blas"."""
    kind = os.environ.get("NNTRAIN_THREADING", "pool")
    if kind not in ("pool", "blas"):
        raise ArgumentError(f"NNTRAIN_THREADING: expected pool or blas, got {kind!r}")
    return kind


@contextmanager
def pooled() -> Iterator[None]:
    """A context in which ``share`` has the pool, and a product one thread of BLAS."""
    if Pool.open:
        yield
        return
    with blas_threads(1):
        Pool.open = True
        try:
            yield
        finally:
            Pool.open = False


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
