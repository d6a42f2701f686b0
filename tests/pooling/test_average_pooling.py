"""Average and LP poolings against their formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from tests.pooling.brute_force import pooled, windows

OPTIONS = [
    ((3, 2), (2, 1), (1, 1), False),
    ((3, 3), (2, 3), (1, 1), True),
    ((2, 3), (2, 2), (0, 0), True),
    ((7, 8), (1, 1), (0, 0), False),
]


@pytest.mark.parametrize("include", [True, False])
@pytest.mark.parametrize(("kernel", "stride", "pad", "up"), OPTIONS)
def test_images_are_averaged_as_the_formula_says(kernel: Any, stride: Any, pad: Any, up: bool, include: bool) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 7, 8))
    places = list(windows((7, 8), kernel, stride, pad, (1, 1), up))
    sums = pooled(x, places, lambda plane, taps: sum(plane[tap] for tap in taps)).astype(float)
    for window, taps in places:
        edge = [(p if include else 0, n + (p if include else 0)) for p, n in zip(pad, (7, 8), strict=True)]
        counted = [tap for tap in taps if all(-low <= t < high for t, (low, high) in zip(tap, edge, strict=True))]
        sums[(..., *window)] /= len(counted)
    arguments = [n for pair in (kernel, stride, pad) for n in reversed(pair)]
    y = nn.SpatialAveragePooling(*arguments, ceil_mode=up, count_include_pad=include).double().forward(x)
    np.testing.assert_allclose(y, sums, atol=1e-13)


def test_means_of_equal_numbers_are_that_number() -> None:
    x = np.full((1, 1, 9, 9), 1000, np.float32)
    np.testing.assert_array_equal(nn.SpatialAveragePooling(3, 3, 2, 2, 1, 1, False, False).forward(x), 1000)


@pytest.mark.parametrize("power", [2, 3, 2.5])
def test_features_are_pooled_as_the_formula_says(power: float) -> None:
    x = np.random.default_rng(0).uniform(0.1, 2, (3, 9, 4))
    y = nn.FeatureLPPooling(3, 2, power, batch_mode=True).double().forward(x)
    for o in range(4):
        window = x[:, 2 * o : 2 * o + 3]
        np.testing.assert_allclose(y[:, o], (window**power).sum(1) ** (1 / power))


def test_features_that_are_zero_have_no_gradient() -> None:
    layer = nn.FeatureLPPooling(2, 2, 1).double()
    x = np.array([0.0, 0, 1, 2])
    layer.forward(x)
    np.testing.assert_array_equal(layer.backward(x, np.ones(2)), [0, 0, 1, 1])


def test_large_features_do_not_overflow() -> None:
    x = np.array([1000, -1000, 500, 0], np.float32)
    layer = nn.FeatureLPPooling(2, 2, 16)
    np.testing.assert_allclose(layer.forward(x), [1000 * 2 ** (1 / 16), 500], rtol=1e-6)
    assert np.isfinite(layer.backward(x, np.ones(2, np.float32))).all()


def test_lp_pooling_of_zeros_has_no_gradient() -> None:
    layer = nn.SpatialLPPooling(1, 2, 2, 2).double()
    x = np.zeros((1, 2, 2))
    np.testing.assert_array_equal(layer(x, np.ones((1, 1, 1)))[1], 0)


def test_sub_sampling_resets_to_a_deviation() -> None:
    layer = nn.SpatialSubSampling(5000, 2, 2)
    assert abs(layer.weight).max() <= 0.5
    layer.reset(0.1)
    np.testing.assert_allclose([layer.weight.std(), layer.bias.std()], 0.1, rtol=0.1)
