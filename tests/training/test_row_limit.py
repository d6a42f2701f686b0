"""Rows go through a network as many at once as memory allows, and one at least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.memory_limit import MemoryLimit
from nntrain.errors import CheckpointError
from nntrain.training.row_limit import RowLimit, forward_rows


@dataclass(frozen=True)
class Small(RowLimit):
    """A limit of so many bytes, whatever the rows."""

    size: int = 0

    def get_memory_limit(self, x: Any) -> MemoryLimit:
        return MemoryLimit(self.size)


def passed(size: int, rows: int = 10) -> tuple[list[int], Any, Any]:
    """The sizes of blocks in which rows of 2 numbers get 1,000 copies, the outputs, and what they should be."""
    x = np.arange(2.0 * rows, dtype=np.float32).reshape(rows, 2)
    model = nn.Sequential([nn.Replicate(1000, 1), nn.Sum(1)])
    blocks = [
        (count, y.copy())
        for count, y in forward_rows(model, lambda start, stop: x[start:stop], rows, Small("net.h5", size=size))
    ]
    return [count for count, _ in blocks], np.concatenate([y for _, y in blocks]), 1000 * x


def test_all_rows_at_once_where_they_fit() -> None:
    # A row takes 8,000 bytes for its copies and 8 for their sum.
    counts, y, expected = passed(10 * 8008)
    assert counts == [10]
    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize(("rows", "counts"), [(5, [5, 5]), (4, [2] * 5), (1, [1] * 10)])
def test_fewer_rows_where_more_would_take_too_much(rows: int, counts: list[int]) -> None:
    # Halved from 10 until they fit: 5, then 2, then 1.
    found, y, expected = passed(rows * 8008 + 100)
    assert found == counts
    np.testing.assert_array_equal(y, expected)


def test_a_row_that_takes_too_much_is_an_error_of_the_file() -> None:
    with pytest.raises(CheckpointError) as raised:
        passed(8000 - 1)
    assert str(raised.value).startswith(
        "net.h5: Sequential[0] > Replicate: its output of shape (1 × 1,000 × 2) takes 8 kB, the limit is 8 kB; "
    )


def test_outputs_that_make_too_many_columns_are_an_error_of_the_file() -> None:
    x = np.zeros((2, 1000), np.float32)
    with pytest.raises(CheckpointError, match=r"its 1,000 outputs need 332 kB as columns, the limit is 100 kB"):
        list(forward_rows(nn.Identity(), lambda start, stop: x[start:stop], 2, Small("net.h5", size=100_000)))


def test_memory_that_is_given_is_the_limit_but_never_less_than_any_network_may_take() -> None:
    x = np.zeros((1000, 10), np.float32)
    assert RowLimit("net.h5", 10**9).get_memory_limit(x).size == 10**9
    assert RowLimit("net.h5", 10**6).get_memory_limit(x).size == 128 * 10**6
    assert RowLimit("net.h5").get_memory_limit(x).size <= 128 * 10**6 + 1000 * 40_000
