"""Rows of streamed arrays are those of arrays in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.explanation import dataset_rows
from nntrain.explanation.dataset_rows import space_evenly, take_rows


class Streamed:
    """Rows that only slices can read, as those of the cache."""

    def __init__(self, values: Array) -> None:
        self.values, self.shape, self.dtype, self.slices = values, values.shape, values.dtype, 0

    def __getitem__(self, rows: slice) -> Array:
        assert isinstance(rows, slice)
        self.slices += 1
        return self.values[rows]


def test_streamed_rows_are_read_in_blocks_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_rows, "BLOCK_ROWS", 7)
    values = np.random.default_rng(0).normal(size=(50, 3))
    streamed: Any = Streamed(values)
    rows = np.array([49, 0, 13, 14, 13, 2])
    np.testing.assert_array_equal(take_rows([streamed, values], rows)[0], values[rows])
    assert streamed.slices == 4


def test_rows_are_evenly_spaced() -> None:
    assert space_evenly(5, 10).tolist() == [0, 1, 2, 3, 4]
    assert space_evenly(1001, 3).tolist() == [0, 500, 1000]
    assert space_evenly(1, 3).tolist() == [0]
