"""A repeated training step needs no more NumPy calls and memory than listed in ``table.txt``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from nntrain.nn import Linear
from tests.cost.measure import NETWORKS, Cost, measured
from tests.cost.table import TABLE, VERSIONS, expected

# Temporary Python objects: numbers above 256, entries of dicts.
NOISE = 1024

AGAIN = f"python -m tests.cost > tests/cost/{TABLE.name}"

every_network = pytest.mark.parametrize("name", NETWORKS)
cost = cache(measured)


@every_network
def test_the_calls_of_numpy_are_those_of_the_table(name: str) -> None:
    before, now = expected()[1][name][0], cost(name).calls.total()
    assert now <= before, f"{now - before} more calls of numpy; which: python -m tests.cost {name}; if meant: {AGAIN}"
    assert now >= before, f"{before - now} fewer calls of numpy: lower the table: {AGAIN}"


@every_network
def test_the_bytes_are_those_of_the_table(name: str) -> None:
    versions, rows = expected()
    _, most, each = rows[name]
    now = cost(name)
    if versions != VERSIONS:
        most += most // 4
    assert now.bytes <= most + NOISE, f"{now.bytes - most:,} more bytes; if meant: {AGAIN}"
    assert now.bytes_a_row <= each + 1, f"a step takes memory for each row of its batch; if meant: {AGAIN}"
    if versions == VERSIONS:
        assert now.bytes >= most - NOISE, f"{most - now.bytes:,} fewer bytes: lower the table: {AGAIN}"
        assert now.bytes_a_row >= each - 1, f"fewer bytes a row: lower the table: {AGAIN}"


@every_network
def test_no_array_is_kept(name: str) -> None:
    assert cost(name).kept == 0


@every_network
def test_all_arrays_are_counted(name: str) -> None:
    assert cost(name).uncounted == []


def test_the_table_is_of_these_networks() -> None:
    assert list(expected()[1]) == list(NETWORKS)


def planted(
    monkeypatch: pytest.MonkeyPatch, extra: Callable[[Any], object], keep: Callable[[Any], object] = id
) -> Cost:
    """Return the cost of the first network with modified linear layers."""
    update_output = Linear.update_output

    def more(layer: Any, x: Any) -> Any:
        y = update_output(layer, x)
        extra(y)
        keep(layer)
        return y

    monkeypatch.setattr(Linear, "update_output", more)
    return measured("relu-sgd")


CALLS: dict[str, tuple[int, Callable[[Any], object]]] = {
    "a ufunc": (1, lambda y: np.add(y, 0, out=y)),
    "an operator": (1, lambda y: y.__iadd__(0)),
    "two operators": (2, lambda y: (y * 2).__isub__(y)),
    "a reduction": (1, lambda y: np.add.reduce(y)),
    "a method": (1, lambda y: y.sum()),
    "a function of Python": (1, lambda y: np.mean(y)),
    "a function of C": (1, lambda y: np.copyto(y, y)),
    "a view": (1, lambda y: y[1:]),
    "an assignment": (1, lambda y: y.__setitem__(0, y.dtype.type(0))),
    "what is made of nothing": (2, lambda y: np.zeros(3) + np.float64(1)),
    "nothing": (0, lambda y: (y.shape, y.T, len(y))),
}


@pytest.mark.parametrize("what", CALLS)
def test_a_planted_call_is_counted(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    count, extra = CALLS[what]
    plain = cost("relu-sgd")
    assert planted(monkeypatch, extra).calls.total() == plain.calls.total() + 3 * count


def test_planted_memory_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = cost("relu-sgd")
    found = planted(monkeypatch, lambda y: y + 1)
    assert found.bytes_a_row > plain.bytes_a_row + 1
    assert found.kept == 0


def test_a_planted_leak_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    assert planted(monkeypatch, lambda y: kept.append(y[:1] * 2)).kept > 0


def test_an_array_that_would_not_show_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    found = planted(monkeypatch, id, lambda layer: setattr(layer, "hidden", [np.ndarray(3)]))
    assert [place.rpartition(".")[2] for place in found.uncounted] == ["hidden[0]"] * 3
