"""Signals to stop wait until what must not be left half done is done."""

import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.hdf5.deferred_error_file import DeferredErrorFile
from nntrain.signals.deferred_signals import DeferredSignals


@pytest.fixture(autouse=True)
def _interrupts_are_not_ignored() -> Iterator[None]:
    """A shell starts programs in its background with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_the_end(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(number, signal.default_int_handler)
    done = []
    try:
        with pytest.raises(KeyboardInterrupt), DeferredSignals():  # noqa: PT012
            signal.raise_signal(number)
            done.append("all of it")
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
    assert done == ["all of it"]


def test_a_signal_comes_with_an_error() -> None:
    with pytest.raises(KeyboardInterrupt) as caught, DeferredSignals():  # noqa: PT012
        signal.raise_signal(signal.SIGINT)
        raise ValueError
    assert isinstance(caught.value.__context__, ValueError)


def test_a_signal_between_items_stops_at_once() -> None:
    taken = []

    def items() -> Iterator[int]:
        yield 1
        signal.raise_signal(signal.SIGINT)
        yield 2

    with pytest.raises(KeyboardInterrupt), DeferredSignals() as deferred:  # noqa: PT012
        for item in deferred.between(items()):
            taken.append(item)
    assert taken == [1]


def test_a_signal_while_an_item_is_used_stops_before_the_next() -> None:
    taken = []
    with pytest.raises(KeyboardInterrupt), DeferredSignals() as deferred:  # noqa: PT012
        for item in deferred.between([1, 2]):
            signal.raise_signal(signal.SIGINT)
            taken.append(item)
    assert taken == [1]


def test_the_inner_one_hands_over_to_the_outer_one() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), DeferredSignals():  # noqa: PT012
        with DeferredSignals():
            signal.raise_signal(signal.SIGINT)
        done.append("after the inner one")
    assert done == ["after the inner one"]


def test_what_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with DeferredSignals():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_have_no_signals() -> None:
    entered = []

    def work() -> None:
        with DeferredSignals():
            entered.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert entered == [True]


class Struck(DeferredErrorFile):
    """Gets a signal in the middle of a write, as HDF5 calls it."""

    writes = 0

    def write(self, data: Any) -> int:
        self.writes += 1
        if self.writes == 3:
            signal.raise_signal(signal.SIGINT)
        return super().write(data)

    # h5py looks for these in the class itself.
    seek, tell, readinto, truncate = (
        DeferredErrorFile.seek,
        DeferredErrorFile.tell,
        DeferredErrorFile.readinto,
        DeferredErrorFile.truncate,
    )


def test_a_signal_in_a_write_of_hdf5_leaves_a_file_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    with pytest.raises(KeyboardInterrupt), Struck(path) as sink, h5py.File(sink, "w") as file:  # noqa: PT012
        file.create_dataset("a", data=np.arange(1000))
        file.flush()
        file.create_dataset("b", data=np.arange(1000))
    assert sink.writes >= 3
    with h5py.File(path) as file:
        assert file["a"][999] == file["b"][999] == 999
