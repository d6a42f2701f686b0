"""The drawn regions of fractional pooling."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ShapeError

X = np.random.default_rng(0).standard_normal((2, 3, 9, 11))


def test_windows_start_where_the_formula_says() -> None:
    u = np.random.default_rng(1).uniform(size=(2, 3, 2))
    y = nn.SpatialFractionalMaxPooling(3, 2, 5, 4, random_samples=u).double().forward(X)
    for n, c in np.ndindex(2, 3):
        starts = []
        for sample, size, m, k in ((u[n, c, 1], 9, 4, 2), (u[n, c, 0], 11, 5, 3)):
            a = (size - k) / (m - 1)
            starts.append([int((i + sample) * a) - int(sample * a) for i in range(m - 1)] + [size - k])
        for i, j in np.ndindex(4, 5):
            window = X[n, c, starts[0][i] :, starts[1][j] :][:2, :3]
            assert y[n, c, i, j] == window.max()


def test_every_forward_draws_new_regions_also_in_prediction() -> None:
    layer = nn.SpatialFractionalMaxPooling(2, 2, ratio_w=0.5, ratio_h=0.5).double()
    layer.evaluate()
    layer.forward(X)
    samples = layer.random_samples.copy()
    assert samples.shape == (2, 3, 2)
    layer.forward(X)
    assert not np.array_equal(layer.random_samples, samples)


def test_fixed_regions_stay_until_the_planes_change() -> None:
    layer = nn.SpatialFractionalMaxPooling(2, 2, ratio_w=0.5, ratio_h=0.5, fix_pooling_regions=True).double()
    y = layer.forward(X).copy()
    np.testing.assert_array_equal(layer.forward(X), y)
    layer.forward(X[:1])
    assert layer.random_samples.shape == (1, 3, 2)
    np.testing.assert_array_equal(layer.forward(X), y)


def test_fixed_regions_are_in_the_state() -> None:
    options = {"ratio_w": 0.5, "ratio_h": 0.5, "fix_pooling_regions": True}
    layer, other = (nn.SpatialFractionalMaxPooling(2, 2, **options).double() for _ in range(2))
    y = layer.forward(X)
    other.forward(X)
    other.restore(layer.state())
    np.testing.assert_array_equal(other.forward(X), y)


def test_given_samples_are_kept_and_others_drawn_for_other_planes() -> None:
    given = np.full((2, 3, 2), 0.25)
    layer = nn.SpatialFractionalMaxPooling(2, 2, 4, 4, random_samples=given).double()
    layer.forward(X)
    np.testing.assert_array_equal(layer.random_samples, given)
    layer.forward(X[0])
    assert layer.random_samples.shape == (1, 3, 2)
    layer.forward(X)
    np.testing.assert_array_equal(layer.random_samples, given)


def test_one_window_is_at_the_end() -> None:
    layer = nn.VolumetricFractionalMaxPooling(2, 2, 2, 1, 1, 1).double()
    x = np.random.default_rng(0).standard_normal((2, 4, 5, 6))
    np.testing.assert_array_equal(layer.forward(x)[:, 0, 0, 0], x[:, 2:, 3:, 4:].max((1, 2, 3)))


@pytest.mark.parametrize(("h", "w"), [(4, 10), (8, 4)])
def test_windows_need_room_to_move(h: int, w: int) -> None:
    with pytest.raises(ShapeError, match="at least"):
        nn.SpatialFractionalMaxPooling(2, 2, w, h).forward(X)


def test_a_ratio_that_leaves_nothing_is_reported() -> None:
    with pytest.raises(ShapeError, match="one window"):
        nn.SpatialFractionalMaxPooling(2, 2, ratio_w=0.05, ratio_h=0.5).forward(X)
