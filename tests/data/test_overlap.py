"""One thread works on an item while another prepares the next."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from nntrain.compute.overlap import map_ahead


@pytest.fixture(params=["1", "2"])
def threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("NNTRAIN_THREADS", request.param)
    return str(request.param)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_results_are_in_order(threads: str, count: int) -> None:
    assert list(map_ahead(lambda item: item * item, range(count))) == [item * item for item in range(count)]


def test_the_next_item_is_prepared_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", "2")
    prepared = [threading.Event() for _ in range(3)]

    def items() -> Iterator[int]:
        for index, event in enumerate(prepared):
            event.set()
            yield index

    def wait_for_next(index: int) -> bool:
        return index == len(prepared) - 1 or prepared[index + 1].wait(60)

    assert list(map_ahead(wait_for_next, items())) == [True, True, True]


def test_an_error_of_the_function_is_raised(threads: str) -> None:
    with pytest.raises(ZeroDivisionError):
        list(map_ahead(lambda item: 1 // item, [1, 0, 1]))


def test_an_error_of_the_items_is_raised_as_it_is(threads: str) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("x")

    with pytest.raises(KeyError):
        list(map_ahead(str, items()))
