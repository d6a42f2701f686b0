"""Parallel work in threads: a pool that splits samples, rows and chunks, or the threads of BLAS, which split products.

The number of threads is NNTRAIN_THREADS; default: the number of available cores, at most DEFAULT_MAX_THREADS. The same
work and number of threads always give the same parts, so partial sums are bit-for-bit reproducible.

BLAS wakes its threads faster than Python, because they wait for the next product in a busy loop. But if other programs
use the cores too, the threads of one product then wait for each other a thousand times longer than the product takes.
In the pool, a part that no thread has started is run by the caller. Measurements: docs/performance.md.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import copy_context
from functools import cache, partial
from typing import TypeVar

from nntrain.compute.array import Array
from nntrain.compute.denormals import flush_denormals, is_flushing_denormals, set_flush_denormals
from nntrain.compute.openblas import find_openblas
from nntrain.compute.worker import Worker
from nntrain.errors import ArgumentError

Item = TypeVar("Item")
Result = TypeVar("Result")

DEFAULT_MAX_THREADS = 8

# Maximum value of NNTRAIN_THREADS.
MAX_THREADS = 1024

# Elements per chunk of an array, 1 MB in float32. Smaller chunks fit into faster caches, but then the threads wait for
# each other at the start of every operation.
CHUNK_SIZE = 1 << 18

# Elements per chunk of several arrays that are read and written in several passes. In smaller chunks, the calls take
# more time than faster caches save.
ROW_CHUNK_SIZE = 1 << 16


class ThreadState(threading.local):
    """The index of the part that this thread runs, which ``Buffers`` uses, and whether it runs one."""

    part_index = 0
    is_busy = False


THREAD_STATE = ThreadState()


class PoolState:
    """Whether the pool is in use."""

    is_open = False


def get_num_threads() -> int:
    """Return the number of threads. ArgumentError unless NNTRAIN_THREADS is an integer from 1 to MAX_THREADS."""
    given = os.environ.get("NNTRAIN_THREADS")
    if given is None:
        return min(count_cores(), DEFAULT_MAX_THREADS)
    # Python refuses to convert numbers with thousands of digits.
    if not given.isdecimal() or len(given) > 9 or not 1 <= int(given) <= MAX_THREADS:
        raise ArgumentError(f"NNTRAIN_THREADS: expected an integer from 1 to {MAX_THREADS}, got {given!r}")
    return int(given)


@cache
def count_cores() -> int:
    """Return the number of cores available to this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_ranges(count: int, function: Callable[[range], Result], min_length: int = 1) -> list[Result]:
    """Call ``function(range)`` for parts of range(count) of at least ``min_length``; return the results in order.

    There is one part per thread of the pool inside ``use_thread_pool``, and a single part elsewhere.
    """
    parts = max(min(get_num_threads(), count // min_length), 1) if is_pool_free() else 1
    if parts == 1:
        return [function(range(count))]
    ranges = [range(count * part // parts, count * (part + 1) // parts) for part in range(parts)]
    workers = [acquire_worker(os.getpid()) for _ in range(1, parts)]
    # Workers use the caller's settings, so results and warnings do not depend on the thread.
    flushes = is_flushing_denormals()
    try:
        for part, worker in enumerate(workers, 1):
            worker.submit(partial(copy_context().run, run_part, part, function, ranges[part], flushes))
        results = [run_part(0, function, ranges[0])]
        for part, worker in enumerate(workers, 1):
            is_pending = worker.cancel()
            results.append(run_part(part, function, ranges[part]) if is_pending else worker.result())
    finally:
        # No worker may still write when the caller continues.
        for worker in workers:
            if not worker.cancel():
                worker.wait()
            get_idle_workers(os.getpid()).append(worker)
    return results


def is_pool_free() -> bool:
    """Whether this thread may split work among the threads of the pool."""
    return PoolState.is_open and not THREAD_STATE.is_busy


def run_part(part: int, work: Callable[[range], Result], some: range, flushes: bool | None = None) -> Result:
    """Run one part; ``flushes``: the caller's setting for denormals, if this is another thread."""
    if flushes is not None:
        set_flush_denormals(flushes)
    THREAD_STATE.part_index, THREAD_STATE.is_busy = part, True
    try:
        return work(some)
    finally:
        THREAD_STATE.part_index, THREAD_STATE.is_busy = 0, False


@cache
def get_idle_workers(process: int) -> list[Worker]:
    """Return the idle workers of a process; a forked child starts without its parent's."""
    return []


def acquire_worker(process: int) -> Worker:
    """Return an idle worker, or a new one."""
    try:
        return get_idle_workers(process).pop()
    except IndexError:
        return Worker()


def apply_in_chunks(function: Callable[..., object], *arrays: Array | None, chunk_size: int = CHUNK_SIZE) -> None:
    """Call ``function(*chunks)`` for flat chunks of arrays of one shape, in parallel; None stays None.

    Small or noncontiguous arrays are passed unsplit. A chunk stays in the caches during one call.
    """
    size = max(array.size for array in arrays if array is not None)
    if size < 2 * chunk_size or not all(array is None or array.flags.c_contiguous for array in arrays):
        function(*arrays)
        return
    flat = [None if array is None else array.reshape(-1) for array in arrays]

    def process_chunks(some: range) -> None:
        for chunk in some:
            start = chunk * chunk_size
            function(*(None if array is None else array[start : start + chunk_size] for array in flat))

    map_ranges(-(-size // chunk_size), process_chunks, min_length=2)


def map_row_chunks(function: Callable[..., object], *arrays: Array) -> None:
    """Call ``function(*chunks)`` for chunks of the rows of arrays (..., k) of one shape, in parallel.

    Arrays that are written to must be contiguous.
    """
    size = arrays[0].shape[-1]
    rows = [array.reshape(-1, size) for array in arrays]
    length = max(ROW_CHUNK_SIZE // size, 1)

    def process_chunks(some: range) -> None:
        for start in range(some.start * length, some.stop * length, length):
            function(*(array[start : start + length] for array in rows))

    map_ranges(-(-len(rows[0]) // length), process_chunks)


def map_parallel(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Call ``function`` with each item, in parallel, and return the results in order."""
    listed = list(items)
    parts = map_ranges(len(listed), lambda some: [function(item) for item in listed[some.start : some.stop]])
    return [result for part in parts for result in part]


@contextmanager
def configure_compute() -> Iterator[None]:
    """Set up threads and denormals for training and inference inside the context."""
    threads = use_thread_pool() if get_threading_mode() == "pool" else limit_blas_threads(get_num_threads())
    with flush_denormals(), threads:
        yield


def get_threading_mode() -> str:
    """Return NNTRAIN_THREADING, "pool" (default) or "blas". ArgumentError for other values."""
    mode = os.environ.get("NNTRAIN_THREADING", "pool")
    if mode not in ("pool", "blas"):
        raise ArgumentError(f"NNTRAIN_THREADING: expected pool or blas, got {mode!r}")
    return mode


@contextmanager
def use_thread_pool() -> Iterator[None]:
    """Use the pool, and one BLAS thread per product, inside the context."""
    if PoolState.is_open:
        yield
        return
    with limit_blas_threads(1):
        PoolState.is_open = True
        try:
            yield
        finally:
            PoolState.is_open = False


def limit_blas_threads(count: int) -> AbstractContextManager[object]:
    """Use ``count`` BLAS threads per product inside the context, if NumPy uses OpenBLAS."""
    blas = find_openblas()
    return nullcontext() if blas is None else blas.limit(limits=count)
