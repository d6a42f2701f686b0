"""Which threads are at work, and what is shared out over them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError
from nntrain.nn import threads as threads_module
from nntrain.nn.openblas import openblas
from nntrain.nn.threads import at_work, blas_threads, each, pooled, share, threads
from nntrain.nn.worker import Worker


@pytest.fixture(autouse=True)
def three_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", "3")


def blas() -> int | None:
    found = openblas()
    return None if found is None else found.threads


def test_samples_are_shared_out_in_the_pool_alone() -> None:
    assert share(10, list) == [list(range(10))]
    with blas_threads(threads()):
        assert share(10, list) == [list(range(10))]
    with pooled():
        assert share(10, list) == [[0, 1, 2], [3, 4, 5], [6, 7, 8, 9]]
        assert share(10, list, least=5) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert share(10, list) == [list(range(10))]


def test_work_inside_of_a_part_is_not_shared_again() -> None:
    with at_work():
        assert share(3, lambda some: len(share(9, list))) == [1, 1, 1]


@pytest.mark.skipif(openblas() is None, reason="numpy's products are not OpenBLAS's")
def test_blas_has_the_threads_that_the_pool_leaves() -> None:
    before = blas()
    with blas_threads(threads()):
        assert blas() == threads() == 3
    with at_work():
        assert blas() == 1
        with pooled():
            assert blas() == 1
        assert blas() == 1
    assert blas() == before


def test_an_error_in_a_part_is_raised() -> None:
    def fail(some: range) -> None:
        if 9 in some:
            raise ValueError("nine")

    with pooled(), pytest.raises(ValueError, match="nine"):
        share(10, fail)
    assert share(2, list) == [[0, 1]]


@pytest.mark.parametrize("given", ["0", "-1", "two", ""])
def test_a_number_of_threads_that_is_none(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", given)
    with pytest.raises(ArgumentError, match="NNTRAIN_THREADS: expected a whole number of at least 1"):
        threads()


def test_whose_threads_work_is_said_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with at_work():
        assert len(share(9, list)) == 3
    monkeypatch.setenv("NNTRAIN_THREADING", "blas")
    with at_work():
        assert len(share(9, list)) == 1
    monkeypatch.setenv("NNTRAIN_THREADING", "both")
    with pytest.raises(ArgumentError, match="NNTRAIN_THREADING: expected pool or blas, got 'both'"), at_work():
        pass


def test_a_part_that_no_thread_begins_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "_live", lambda self: None)
    absent = [Worker(), Worker()]
    monkeypatch.setattr(threads_module, "idle", lambda process: absent)
    with pooled():
        for _ in range(2):
            assert share(9, list) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert len(absent) == 2


def test_workers_are_made_when_they_are_needed_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[Worker] = []
    monkeypatch.setattr(threads_module, "idle", lambda process: free)
    with pooled():
        share(9, list)
        first = set(free)
        share(9, list)
    assert len(first) == 2
    assert set(free) == first


def test_what_numpy_warns_of_is_the_same_in_all_parts() -> None:
    begun = threading.Barrier(2)

    def overflows(some: range) -> bool:
        begun.wait(10)  # so that each part has its own thread
        try:
            np.exp(np.full(9, 1e3))
        except FloatingPointError:
            return True
        return False

    with pooled(), np.errstate(over="raise"):
        assert share(2, overflows) == [True, True]
    with pooled(), np.errstate(over="ignore"):
        assert share(2, overflows) == [False, False]


def test_each_item_has_its_result_in_its_place() -> None:
    assert each(str, range(10)) == list(map(str, range(10)))
    with pooled():
        assert each(str, range(10)) == list(map(str, range(10)))
    assert each(str, ()) == []


def test_several_callers_share_out_work_at_once() -> None:
    def multiples(caller: int) -> list[list[int]]:
        return share(9, lambda numbers: [caller * number for number in numbers])

    with pooled(), ThreadPoolExecutor(8) as callers:
        for caller, parts in enumerate(callers.map(multiples, range(200))):
            assert parts == [[caller * number for number in some] for some in (range(3), range(3, 6), range(6, 9))]


def test_nobody_writes_any_more_when_an_error_is_raised() -> None:
    begun, free, done = threading.Event(), threading.Event(), []

    def work(some: range) -> None:
        if some.start:
            begun.set()
            free.wait()
            done.append(some)
        else:
            begun.wait()
            threading.Timer(0.05, free.set).start()
            raise ValueError("the caller's own part")

    with pooled(), pytest.raises(ValueError, match="own part"):
        share(2, work)
    assert done == [range(1, 2)]


def test_products_do_not_depend_on_who_shares_them_out() -> None:
    generator = np.random.default_rng(0)
    x = generator.standard_normal((300, 200))
    layer = nn.Linear(200, 256).double()
    with blas_threads(threads()):
        one = layer.forward(x).copy()
    with at_work():
        np.testing.assert_allclose(layer.forward(x), one, rtol=1e-12, atol=1e-12)
