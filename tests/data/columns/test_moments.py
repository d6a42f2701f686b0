"""Mean and standard deviation are numpy's, to the last bit, whatever pieces the rows come in."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.preprocessing.moments import compute_moments


def values(rows: int, *shape: int) -> np.ndarray:
    generator = np.random.default_rng(rows)
    return generator.normal(size=(rows, *shape)) * np.exp(generator.normal(size=(rows, *shape)) * 3)


def moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return compute_moments(lambda: [x])


def numpys(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = np.abs(x).max(axis=0)
    scaled = x / scale
    return scaled.mean(axis=0) * scale, scaled.std(axis=0) * scale


@pytest.mark.parametrize("shape", [(), (1,), (2,), (7,)])
@pytest.mark.parametrize("rows", [1, 7, 129, 1000, 65_537, 200_003])
def test_in_one_piece_they_are_numpys(rows, shape):
    x = values(max(rows, 2), *shape)
    for ours, theirs in zip(moments(x), numpys(x), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("shape", [(), (1,), (5,)])
@pytest.mark.parametrize("length", [1000, 65_536, 70_001])
def test_the_pieces_do_not_show(length, shape):
    x = values(200_003, *shape)
    pieces = [x[start : start + length] for start in range(0, len(x), length)]
    for streamed, whole in zip(compute_moments(lambda: [*pieces, x[:0]]), moments(x), strict=True):
        np.testing.assert_array_equal(streamed, whole)
        assert streamed.shape == shape


def test_equal_rows_have_a_standard_deviation_of_one():
    assert moments(np.full(100, 3.0)) == (3.0, 1.0)


def test_the_largest_numbers_do_not_overflow():
    mean, std = moments(np.array([-1e308, 1e308]))
    assert (mean, std) == (0.0, 1e308)
