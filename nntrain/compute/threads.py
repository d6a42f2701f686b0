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

from nntrain.compute.array import Array
from nntrain.compute.denormals import flush_denormals, is_flushing_denormals, set_flush_denormals
from nntrain.compute.openblas import find_openblas
from nntrain.compute.worker import Worker
from nntrain.errors import ArgumentError

__all__ = [
    "CHUNK_SIZE",
    "THREAD_STATE",
    "apply_in_chunks",
    "configure_compute",
    "count_cores",
    "get_num_threads",
    "get_threading_mode",
    "limit_blas_threads",
    "map_parallel",
    "map_ranges",
    "use_thread_pool",
]

Item = TypeVar("Item")
Result = TypeVar("Result")

DEFAULT_MAX_THREADS = 8

# The most that NNTRAIN_THREADS may be.
MAX_THREADS = 1024

# Elements in a piece of an array, a megabyte in single precision. Smaller ones lie deeper in the caches, but then the
# threads wait for each other at the beginning of every operation.
CHUNK_SIZE = 1 << 18


class ThreadState(threading.local):
    """Which part of shared work this thread is at, if at any; memory that a component keeps is each part's own."""

    part_index = 0
    is_busy = False


THREAD_STATE = ThreadState()


class PoolState:
    """Whether the pool shares out work."""

    is_open = False


def get_num_threads() -> int:
    """How many threads share out work. ArgumentError if NNTRAIN_THREADS is not a number from 1 to MAX_THREADS."""
    given = os.environ.get("NNTRAIN_THREADS")
    if given is None:
        return min(count_cores(), DEFAULT_MAX_THREADS)
    # Python converts no number of thousands of digits.
    if not given.isdecimal() or len(given) > 9 or not 1 <= int(given) <= MAX_THREADS:
        raise ArgumentError(
            f"NNTRAIN_THREADS: expected a whole number of at least 1 and at most {MAX_THREADS}, got {given!r}"
        )
    return int(given)


@cache
def count_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_ranges(count: int, function: Callable[[range], Result], min_length: int = 1) -> list[Result]:
    """``function(range)`` for parts of range(count), none shorter than ``min_length``; the results in order.

    There is one part for each thread of the pool inside ``use_thread_pool``, a single one elsewhere.
    """
    parts = max(min(get_num_threads(), count // min_length), 1) if PoolState.is_open and not THREAD_STATE.is_busy else 1
    if parts == 1:
        return [function(range(count))]
    ranges = [range(count * part // parts, count * (part + 1) // parts) for part in range(parts)]
    workers = [acquire_worker(os.getpid()) for _ in range(1, parts)]
    # As the caller would do it: whichever thread a part falls to, it gives the same bits and the same warnings.
    flushes = is_flushing_denormals()
    try:
        for part, worker in enumerate(workers, 1):
            worker.submit(partial(copy_context().run, run_in_worker, flushes, part, function, ranges[part]))
        results = [run_part(0, function, ranges[0])]
        for part, worker in enumerate(workers, 1):
            mine = worker.cancel()
            results.append(run_part(part, function, ranges[part]) if mine else worker.result())
    finally:
        # Nobody else writes once the caller goes on.
        for worker in workers:
            if not worker.cancel():
                worker.wait()
            get_idle_workers(os.getpid()).append(worker)
    return results


def run_part(part: int, work: Callable[[range], Result], some: range) -> Result:
    """One part of shared work."""
    THREAD_STATE.part_index, THREAD_STATE.is_busy = part, True
    try:
        return work(some)
    finally:
        THREAD_STATE.part_index, THREAD_STATE.is_busy = 0, False


def run_in_worker(flushes: bool, part: int, work: Callable[[range], Result], some: range) -> Result:
    """One part, in a worker's thread, which may have been made by a caller that flushed, or served one."""
    set_flush_denormals(flushes)
    return run_part(part, work, some)


@cache
def get_idle_workers(process: int) -> list[Worker]:
    """The workers of a process that have nothing to do; a child made by a fork has none of its parent's."""
    return []


def acquire_worker(process: int) -> Worker:
    """A worker that was idle, or a new one."""
    try:
        return get_idle_workers(process).pop()
    except IndexError:
        return Worker()


def apply_in_chunks(function: Callable[..., object], *arrays: Array) -> None:
    """``work(*pieces)`` for flat pieces of arrays of one shape, shared out; whole if they are small or not contiguous.

    A piece stays in the caches from one operation of ``work`` to the next.
    """
    size = arrays[0].size
    if size < 2 * CHUNK_SIZE or not all(array.flags.c_contiguous for array in arrays):
        function(*arrays)
        return
    flat = [array.reshape(-1) for array in arrays]

    def some_pieces(some: range) -> None:
        for piece in some:
            start = piece * CHUNK_SIZE
            function(*(array[start : start + CHUNK_SIZE] for array in flat))

    map_ranges(-(-size // CHUNK_SIZE), some_pieces, min_length=2)


def map_parallel(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """``function`` of each item, in order; the items are shared out, as by ``share``."""
    listed = list(items)
    parts = map_ranges(len(listed), lambda some: [function(item) for item in listed[some.start : some.stop]])
    return [result for part in parts for result in part]


@contextmanager
def configure_compute() -> Iterator[None]:
    """The context in which networks learn and predict."""
    sharing = use_thread_pool() if get_threading_mode() == "pool" else limit_blas_threads(get_num_threads())
    with flush_denormals(), sharing:
        yield


def get_threading_mode() -> str:
    """Whose threads share out work: "pool", or what NNTRAIN_THREADING says. ArgumentError if that is not "blas"."""
    kind = os.environ.get("NNTRAIN_THREADING", "pool")
    if kind not in ("pool", "blas"):
        raise ArgumentError(f"NNTRAIN_THREADING: expected pool or blas, got {kind!r}")
    return kind


@contextmanager
def use_thread_pool() -> Iterator[None]:
    """A context in which ``share`` has the pool, and a product one thread of BLAS."""
    if PoolState.is_open:
        yield
        return
    with limit_blas_threads(1):
        PoolState.is_open = True
        try:
            yield
        finally:
            PoolState.is_open = False


@contextmanager
def limit_blas_threads(count: int) -> Iterator[None]:
    """A context in which a product uses so many threads of BLAS, if that is OpenBLAS."""
    blas = find_openblas()
    if blas is None or blas.threads == count:
        yield
        return
    before, blas.threads = blas.threads, count
    try:
        yield
    finally:
        blas.threads = before
