"""The different values of a column, and each row's place among them, however they are found."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.tables.raw_column import MAX_SMALL_SIZE, find_distinct

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    "values",
    [
        RANDOM.integers(0, 7, 100).astype(float),
        RANDOM.integers(5, 9, 100).astype(np.float32),
        np.array([0.0, -0.0, 3.0]),
        np.array([-1.0, 2.0]),
        np.array([MAX_SMALL_SIZE - 1.0, 0.0]),
        np.array([float(MAX_SMALL_SIZE), 0.0]),
        np.array([1.5, 1.0]),
        np.array([1.0, np.nan, 1.0]),
        np.array([np.inf, 1.0]),
        np.array([]),
        np.array(["2020-01-02", "NaT", "2020-01-01"], "datetime64[us]"),
    ],
    ids=str,
)
def test_they_are_what_numpy_gives(values: np.ndarray) -> None:
    found, places = find_distinct(values)
    wanted, wanted_places = np.unique(values, return_inverse=True)
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(places, wanted_places)
    assert found.dtype == wanted.dtype
