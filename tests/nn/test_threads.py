"""The number of threads, and the work that is split among them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute import threads as threads_module
from nntrain.compute.openblas import find_openblas
from nntrain.compute.threads import (
    configure_compute,
    get_num_threads,
    limit_blas_threads,
    map_parallel,
    map_ranges,
    use_thread_pool,
)
from nntrain.compute.worker import Worker
from nntrain.errors import ArgumentError


@pytest.fixture(autouse=True)
def three_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", "3")


def blas() -> int | None:
    found = find_openblas()
    return None if found is None else int(found.lib_controllers[0].num_threads)


def test_samples_are_shared_out_in_the_pool_alone() -> None:
    assert map_ranges(10, list) == [list(range(10))]
    with limit_blas_threads(get_num_threads()):
        assert map_ranges(10, list) == [list(range(10))]
    with use_thread_pool():
        assert map_ranges(10, list) == [[0, 1, 2], [3, 4, 5], [6, 7, 8, 9]]
        assert map_ranges(10, list, min_length=5) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert map_ranges(10, list) == [list(range(10))]


def test_work_inside_of_a_part_is_not_shared_again() -> None:
    with configure_compute():
        assert map_ranges(3, lambda some: len(map_ranges(9, list))) == [1, 1, 1]


@pytest.mark.skipif(find_openblas() is None, reason="numpy's products are not OpenBLAS's")
def test_blas_has_the_threads_that_the_pool_leaves() -> None:
    before = blas()
    with limit_blas_threads(get_num_threads()):
        assert blas() == get_num_threads() == 3
    with configure_compute():
        assert blas() == 1
        with use_thread_pool():
            assert blas() == 1
        assert blas() == 1
    assert blas() == before


def test_an_error_in_a_part_is_raised() -> None:
    def fail(some: range) -> None:
        if 9 in some:
            raise ValueError("nine")

    with use_thread_pool(), pytest.raises(ValueError, match="nine"):
        map_ranges(10, fail)
    assert map_ranges(2, list) == [[0, 1]]


@pytest.mark.parametrize("given", ["0", "-1", "two", ""])
def test_a_number_of_threads_that_is_none(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", given)
    with pytest.raises(ArgumentError, match="NNTRAIN_THREADS: expected an integer from 1"):
        get_num_threads()


def test_whose_threads_work_is_stated_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with configure_compute():
        assert len(map_ranges(9, list)) == 3
    monkeypatch.setenv("NNTRAIN_THREADING", "blas")
    with configure_compute():
        assert len(map_ranges(9, list)) == 1
    monkeypatch.setenv("NNTRAIN_THREADING", "both")
    with (
        pytest.raises(ArgumentError, match="NNTRAIN_THREADING: expected pool or blas, got 'both'"),
        configure_compute(),
    ):
        pass


def test_a_part_that_no_thread_begins_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "_live", lambda self: None)
    absent = [Worker(), Worker()]
    monkeypatch.setattr(threads_module, "get_idle_workers", lambda process: absent)
    with use_thread_pool():
        for _ in range(2):
            assert map_ranges(9, list) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert len(absent) == 2


def test_workers_are_made_when_they_are_needed_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[Worker] = []
    monkeypatch.setattr(threads_module, "get_idle_workers", lambda process: free)
    with use_thread_pool():
        map_ranges(9, list)
        first = set(free)
        map_ranges(9, list)
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

    with use_thread_pool(), np.errstate(over="raise"):
        assert map_ranges(2, overflows) == [True, True]
    with use_thread_pool(), np.errstate(over="ignore"):
        assert map_ranges(2, overflows) == [False, False]


def test_each_item_has_its_result_in_its_place() -> None:
    assert map_parallel(str, range(10)) == list(map(str, range(10)))
    with use_thread_pool():
        assert map_parallel(str, range(10)) == list(map(str, range(10)))
    assert map_parallel(str, ()) == []


def test_several_callers_share_out_work_at_once() -> None:
    def multiples(caller: int) -> list[list[int]]:
        return map_ranges(9, lambda numbers: [caller * number for number in numbers])

    with use_thread_pool(), ThreadPoolExecutor(8) as callers:
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

    with use_thread_pool(), pytest.raises(ValueError, match="own part"):
        map_ranges(2, work)
    assert done == [range(1, 2)]


def test_products_do_not_depend_on_who_shares_them_out() -> None:
    generator = np.random.default_rng(0)
    x = generator.standard_normal((300, 200))
    layer = nn.Linear(200, 256).double()
    with limit_blas_threads(get_num_threads()):
        one = layer.forward(x).copy()
    with configure_compute():
        np.testing.assert_allclose(layer.forward(x), one, rtol=1e-12, atol=1e-12)
