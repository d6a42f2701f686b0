"""Numbers that are too small to matter cost nothing where networks learn, and are what they were elsewhere."""

from __future__ import annotations

import platform
import threading

import numpy as np
import pytest

from nntrain.nn.denormals import LAYOUTS, environment, flushed, flushing
from nntrain.nn.threads import at_work, pooled, share
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


@known
def test_all_threads_do_as_the_caller_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", "2")
    met = threading.Barrier(2)

    def flushes(some: range) -> bool:
        met.wait(10)  # so that each part has its own thread
        return flushing()

    with at_work():
        assert share(2, flushes) == [True, True]
    with pooled():
        assert share(2, flushes) == [False, False]


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
