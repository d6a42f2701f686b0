"""Denormals are flushed to zero in training and inference, and only there."""

from __future__ import annotations

import platform
import threading
from contextlib import nullcontext
from functools import partial

import numpy as np
import pytest

from nntrain.compute import threads
from nntrain.compute.denormals import (
    LAYOUTS,
    find_float_environment,
    flush_denormals,
    is_flushing_denormals,
    set_flush_denormals,
)
from nntrain.compute.threads import configure_compute, map_ranges, use_thread_pool
from nntrain.compute.worker import Worker
from nntrain.optim.algorithms.adam import Adam

known = pytest.mark.skipif(
    (platform.system(), platform.machine()) not in LAYOUTS, reason="how to flush is not known of this system"
)


def halved() -> float:
    """Return half of the smallest normal float32, computed by NumPy."""
    return float(np.multiply(np.full(100, 1.2e-38, np.float32), np.float32(0.5)).max())


@known
def test_they_are_flushed_inside_alone() -> None:
    assert find_float_environment() is not None
    assert halved() > 0
    assert not is_flushing_denormals()
    with flush_denormals():
        assert halved() == 0
        with flush_denormals():
            assert is_flushing_denormals()
        assert is_flushing_denormals()
    assert halved() > 0
    assert not is_flushing_denormals()


@known
def test_they_are_kept_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="inside"), flush_denormals():
        raise ValueError("inside")
    assert not is_flushing_denormals()


@pytest.fixture
def fresh_workers(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """Use two threads and no existing workers."""
    free: list[Worker] = []
    monkeypatch.setenv("NNTRAIN_THREADS", "2")
    monkeypatch.setattr(threads, "get_idle_workers", lambda process: free)
    return free


def flushing_parts() -> list[bool]:
    """Return whether each part flushes, with one thread per part."""
    met = threading.Barrier(2)

    def flushes(some: range) -> bool:
        met.wait(10)
        return is_flushing_denormals()

    return map_ranges(2, flushes)


@known
def test_all_threads_do_as_the_caller_does(fresh_workers: list[Worker]) -> None:
    with configure_compute():
        assert flushing_parts() == [True, True]
    with use_thread_pool():
        assert flushing_parts() == [False, False]
    with configure_compute():
        assert flushing_parts() == [True, True]
    assert len(fresh_workers) == 1


@known
@pytest.mark.parametrize("made_flushing", [True, False])
def test_how_the_thread_was_made_does_not_matter(made_flushing: bool, fresh_workers: list[Worker]) -> None:
    with flush_denormals() if made_flushing else nullcontext():
        worker = Worker()
    worker.submit(
        partial(set_flush_denormals, made_flushing)
    )  # some systems pass the mode on to a new thread, others do not
    worker.result()
    fresh_workers.append(worker)
    with use_thread_pool(), nullcontext() if made_flushing else flush_denormals():
        assert flushing_parts() == [not made_flushing] * 2
    assert fresh_workers == [worker]


@known
def test_a_part_of_a_caller_that_keeps_them_keeps_them_in_numpy_too(fresh_workers: list[Worker]) -> None:
    def half(some: range) -> float:
        met.wait(10)
        return halved()

    met = threading.Barrier(2)
    with configure_compute():
        assert map_ranges(2, half) == [0, 0]
    with use_thread_pool():
        assert map_ranges(2, half) == [pytest.approx(0.6e-38, rel=1e-6)] * 2


@known
def test_what_one_thread_does_is_its_own() -> None:
    inside, seen = threading.Event(), threading.Event()

    def flush() -> None:
        with flush_denormals():
            inside.set()
            seen.wait(10)

    thread = threading.Thread(target=flush)
    thread.start()
    assert inside.wait(10)
    assert not is_flushing_denormals()
    seen.set()
    thread.join()


def test_where_it_is_not_known_how_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "pdp11")
    find_float_environment.cache_clear()
    try:
        with flush_denormals():
            assert halved() > 0
    finally:
        find_float_environment.cache_clear()


@known
def test_averages_of_a_unit_without_a_gradient_reach_zero() -> None:
    w, adam = np.zeros(4, np.float32), Adam()
    with configure_compute():
        adam.step(w, np.ones(4, np.float32))
        for _ in range(900):
            adam.step(w, np.zeros(4, np.float32))
    assert adam.state()["m"].max() == 0
