"""Bytes of single calls of NumPy: operands and results once, views not at all, selected elements alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.compute.memory_limit import set_variable
from nntrain.training.traffic.traffic_array import TrafficArray
from nntrain.training.traffic.traffic_log import CURRENT_LOG, OpenPass, PassArrays, TrafficLog


def made() -> tuple[Array, Array]:
    """x (4, 3) of 96 bytes and v (3,) of 24."""
    return np.arange(12.0).reshape(4, 3).view(TrafficArray), np.arange(3.0).view(TrafficArray)


def count(function: Callable[[Array, Array], object]) -> tuple[int, int]:
    """The bytes that a function of x and v reads and writes."""
    x, v = made()
    log = TrafficLog()
    with set_variable(CURRENT_LOG, log):
        log.start(("call", "call"))
        function(x, v)
        opened: OpenPass = log.open[-1]
        log.end(PassArrays())
    return sum(span.size for span in opened.reads), sum(span.size for span in opened.writes)


ROWS = np.array([0, 2])  # 16 bytes

CALLS: dict[str, tuple[Callable[[Array, Array], Any], int, int]] = {
    "a new result": (lambda x, v: x + v, 96 + 24, 96),
    "a broadcast operand counts as it is stored": (lambda x, v: np.add(x, np.broadcast_to(v, x.shape)), 96 + 24, 96),
    "an operand that occurs twice counts once": (lambda x, v: np.multiply(x, x), 96, 96),
    "in place": (lambda x, v: np.add(x, v, out=x), 96 + 24, 96),
    "in place with a number first": (lambda x, v: np.subtract(1, x, out=x), 96, 96),
    "an operator in place": (lambda x, v: x.__iadd__(v), 96 + 24, 96),
    "a mask": (lambda x, v: np.add(x, 1, out=x, where=np.ones(3, bool)), 96 + 3, 96),
    "a number into an array": (lambda x, v: np.add(1, 2, out=x), 0, 96),
    "a sum": (lambda x, v: x.sum(axis=0), 96, 24),
    "a sum of all": (lambda x, v: x.sum(), 96, 0),
    "a reduction with out": (lambda x, v: np.add.reduce(x, axis=0, out=v), 96, 24),
    "a product": (lambda x, v: x @ v, 96 + 24, 32),
    "a product of one's own": (lambda x, v: x.T @ x, 96, 72),
    "the method dot": (lambda x, v: np.ones(4).view(TrafficArray).dot(x, v), 32 + 96, 24),
    "the function dot": (lambda x, v: np.dot(x, v), 96 + 24, 32),
    "einsum": (lambda x, v: np.einsum("ij,ij->j", x, x, out=v), 96, 24),
    "clip into another array": (lambda x, v: np.clip(x, 0, 1, np.empty_like(x)), 96, 96),
    "the method clip": (lambda x, v: x.clip(0, 1, x), 96, 96),
    "a norm": (lambda x, v: np.linalg.norm(x), 96, 0),
    "an assignment": (lambda x, v: x.__setitem__(..., v), 24, 96),
    "a number assigned to rows": (lambda x, v: x.__setitem__(slice(2), 0), 0, 48),
    "an assignment to selected rows": (lambda x, v: x.__setitem__(ROWS, v), 16 + 24, 48),
    "selected rows": (lambda x, v: x[ROWS], 48 + 16, 48),
    "take": (lambda x, v: np.take(x, ROWS, axis=0, out=np.empty((2, 3))), 48 + 16, 48),
    "the method take": (lambda x, v: x.take(ROWS, axis=0), 48 + 16, 48),
    "put along an axis": (lambda x, v: np.put_along_axis(x, np.zeros((4, 1), int), 0, 1), 32, 32),
    "added to selected rows": (lambda x, v: np.add.at(x, ROWS, v), 16 + 24 + 48, 48),
    "fill": (lambda x, v: x.fill(0), 0, 96),
    "copyto": (lambda x, v: np.copyto(x, v), 24, 96),
    "a copy": (lambda x, v: x.copy(), 96, 96),
    "another type": (lambda x, v: x.astype(np.float32), 96, 48),
    "the same type": (lambda x, v: x.astype(float, copy=False), 0, 0),
    "a reshape of a transposed array copies": (lambda x, v: x.T.reshape(-1), 96, 96),
    "sorting": (lambda x, v: x.sort(), 96, 96),
    "the sorted copy": (lambda x, v: np.sort(x), 96, 96),
    "the largest": (lambda x, v: x.argmax(axis=1), 96, 32),
    "a list": (lambda x, v: x.tolist(), 96, 0),
    "zeros": (lambda x, v: np.zeros_like(x), 0, 96),
    "memory": (lambda x, v: np.empty_like(x), 0, 0),
    "views": (lambda x, v: (x[1:], x.T, x.reshape(-1), np.swapaxes(x, 0, 1), x[None], x.view()), 0, 0),
    "properties": (lambda x, v: (np.shape(x), np.ndim(x), x.nbytes, np.may_share_memory(x, v)), 0, 0),
    "joined": (lambda x, v: np.concatenate([x, v[None]]), 96 + 24, 120),
    "an empty array": (lambda x, v: x[:0] + v, 24, 0),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_reads_and_writes(name: str) -> None:
    function, reads, writes = CALLS[name]
    assert count(function) == (reads, writes)


def test_outputs_stay_the_objects_that_were_given() -> None:
    x, v = made()
    assert np.add(x, v, out=x) is x
    assert np.clip(x, 0, 1, out=x) is x
    before = x
    x += 1
    assert x is before


def test_views_and_results_are_counted_too() -> None:
    x = made()[0]
    for array in (x[1:], x.T, x + 1, x.reshape(-1), x.copy(), np.einsum("ij->j", x), x[ROWS], *np.split(x, 2)):
        assert isinstance(array, TrafficArray)


def test_a_smaller_buffer_is_a_view_of_the_memory_of_the_larger() -> None:
    memory = np.empty(6, like=made()[0])
    assert memory[:4].reshape(2, 2).base is memory


def test_nothing_counts_outside_of_a_pass() -> None:
    x, v = made()
    log = TrafficLog()
    with set_variable(CURRENT_LOG, log):
        np.add(x, v)
    assert not log.traffic
