"""Numbers that are too small to matter cost nothing where networks learn, and are what they were elsewhere."""

from __future__ import annotations

import platform
import threading
from contextlib import nullcontext
from functools import partial

import numpy as np
import pytest

from nntrain.nn import threads
from nntrain.nn.denormals import LAYOUTS, environment, flush, flushed, flushing
from nntrain.nn.threads import at_work, pooled, share
from nntrain.nn.worker import Worker
from nntrain.optim.algorithms.adam import Adam

known = pytest.mark.skipif(
    (platform.system(), platform.machine()) not in LAYOUTS, reason="how to flush is not known of this system"
)


def halved() -> float:
    """Half of the smallest normal number in single precision, as numpy makes it."""
    return float(np.multiply(np.full(100, 1.2e-38, np.float32), np.float32(0.5)).max())


@known
def test_they_are_flushed_inside_alone() -> None:
    assert environment() is not None
    assert halved() > 0
    assert not flushing()
    with flushed():
        assert halved() == 0
        with flushed():
            assert flushing()
        assert flushing()
    assert halved() > 0
    assert not flushing()


@known
def test_they_are_kept_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="inside"), flushed():
        raise ValueError("inside")
    assert not flushing()


@pytest.fixture
def fresh_workers(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """Two parts for the pool, and no worker yet, whatever ran before."""
    free: list[Worker] = []
    monkeypatch.setenv("NNTRAIN_THREADS", "2")
    monkeypatch.setattr(threads, "idle", lambda process: free)
    return free


def flushing_parts() -> list[bool]:
    """Whether each part of shared work flushes, where each has its own thread."""
    met = threading.Barrier(2)

    def flushes(some: range) -> bool:
        met.wait(10)
        return flushing()

    return share(2, flushes)


@known
def test_all_threads_do_as_the_caller_does(fresh_workers: list[Worker]) -> None:
    with at_work():
        assert flushing_parts() == [True, True]
    with pooled():
        assert flushing_parts() == [False, False]
    with at_work():
        assert flushing_parts() == [True, True]
    assert len(fresh_workers) == 1


@known
@pytest.mark.parametrize("made_flushing", [True, False])
def test_how_the_thread_was_made_does_not_matter(made_flushing: bool, fresh_workers: list[Worker]) -> None:
    with flushed() if made_flushing else nullcontext():
        worker = Worker()
    worker.give(partial(flush, made_flushing))  # some systems pass the mode on to a new thread, others do not
    worker.result()
    fresh_workers.append(worker)
    with pooled(), nullcontext() if made_flushing else flushed():
        assert flushing_parts() == [not made_flushing] * 2
    assert fresh_workers == [worker]


@known
def test_a_part_of_a_caller_that_keeps_them_keeps_them_in_numpy_too(fresh_workers: list[Worker]) -> None:
    def half(some: range) -> float:
        met.wait(10)
        return halved()

    met = threading.Barrier(2)
    with at_work():
        assert share(2, half) == [0, 0]
    with pooled():
        assert share(2, half) == [pytest.approx(0.6e-38, rel=1e-6)] * 2


@known
def test_what_one_thread_does_is_its_own() -> None:
    inside, seen = threading.Event(), threading.Event()

    def flush() -> None:
        with flushed():
            inside.set()
            seen.wait(10)

    thread = threading.Thread(target=flush)
    thread.start()
    assert inside.wait(10)
    assert not flushing()
    seen.set()
    thread.join()


def test_where_it_is_not_known_how_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "pdp11")
    environment.cache_clear()
    try:
        with flushed():
            assert halved() > 0
    finally:
        environment.cache_clear()


@known
def test_averages_of_a_unit_without_a_gradient_reach_zero() -> None:
    w, adam = np.zeros(4, np.float32), Adam()
    with at_work():
        adam.step(w, np.ones(4, np.float32))
        for _ in range(900):
            adam.step(w, np.zeros(4, np.float32))
    assert adam.state()["m"].max() == 0
