"""Max poolings against their formulas, and what they keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ShapeError
from nntrain_pooling import max_pooling_base
from tests.pooling.brute_force import largest, pooled, windows

SPATIAL = [
    ((3, 2), (2, 1), (1, 1), (1, 1), False),
    ((2, 2), (2, 2), (0, 0), (1, 1), True),
    ((3, 3), (2, 2), (1, 0), (1, 1), True),
    ((2, 3), (3, 2), (1, 1), (2, 1), False),
    ((2, 4), (1, 1), (1, 2), (3, 2), False),
]
VOLUMETRIC = [
    ((2, 3, 2), (1, 2, 2), (1, 1, 0), (1, 1, 1), False),
    ((2, 2, 3), (2, 1, 1), (0, 1, 1), (2, 2, 1), True),
]


def agree(layer: Any, x: Any, best: Any) -> None:
    """The layer's output, indices and gradient are those of the table of (value, position)."""
    y = layer.forward(x)
    np.testing.assert_array_equal(y, np.vectorize(lambda pair: pair[0], otypes=[float])(best))
    np.testing.assert_array_equal(layer.indices, np.vectorize(lambda pair: pair[1], otypes=[int])(best))
    dy = np.random.default_rng(1).standard_normal(y.shape)
    dx = np.zeros_like(x).reshape(*x.shape[:2], -1)
    for place in np.ndindex(y.shape):
        dx[(*place[:2], best[place][1])] += dy[place]
    np.testing.assert_allclose(layer.backward(x, dy), dx.reshape(x.shape), atol=1e-14)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("kernel", "stride", "pad", "dilation", "up"), SPATIAL)
def test_images_are_pooled_as_the_formula_says(
    kernel: Any, stride: Any, pad: Any, dilation: Any, up: bool, ties: bool
) -> None:
    generator = np.random.default_rng(0)
    x = generator.integers(0, 3, (2, 3, 7, 8)).astype(float) if ties else generator.standard_normal((2, 3, 7, 8))
    arguments = [n for pair in (kernel, stride, pad, dilation) for n in reversed(pair)]
    layer = nn.SpatialDilatedMaxPooling(*arguments, ceil_mode=up).double()
    agree(layer, x, pooled(x, list(windows((7, 8), kernel, stride, pad, dilation, up)), largest))


@pytest.mark.parametrize(("kernel", "stride", "pad", "dilation", "up"), VOLUMETRIC)
def test_volumes_are_pooled_as_the_formula_says(kernel: Any, stride: Any, pad: Any, dilation: Any, up: bool) -> None:
    x = np.random.default_rng(0).integers(0, 4, (2, 2, 5, 6, 7)).astype(float)
    arguments = [n for t, h, w in (kernel, stride, pad, dilation) for n in (t, w, h)]
    layer = nn.VolumetricDilatedMaxPooling(*arguments, ceil_mode=up).double()
    agree(layer, x, pooled(x, list(windows((5, 6, 7), kernel, stride, pad, dilation, up)), largest))


@pytest.mark.parametrize(("h", "w"), [(3, 4), (7, 7), (9, 10), (1, 1)])
def test_adaptive_pooling_parts_the_image_evenly(h: int, w: int) -> None:
    x = np.random.default_rng(0).integers(0, 5, (2, 2, 7, 9)).astype(float)
    places = []
    for i, j in np.ndindex(h, w):
        rows = range(i * 7 // h, -(-(i + 1) * 7 // h))
        columns = range(j * 9 // w, -(-(j + 1) * 9 // w))
        places.append(((i, j), [(r, c) for r in rows for c in columns]))
    agree(nn.SpatialAdaptiveMaxPooling(w, h).double(), x, pooled(x, places, largest))
    mean = pooled(x, places, lambda plane, taps: float(np.mean([plane[tap] for tap in taps])))
    y = nn.SpatialAdaptiveAveragePooling(w, h).double().forward(x)
    np.testing.assert_allclose(y, mean.astype(float), atol=1e-14)


def test_frames_are_numbered_by_time_alone() -> None:
    x = np.array([[[1, 9], [3, 2], [3, 9], [0, 9]]], float)
    layer = nn.TemporalMaxPooling(2, 1).double()
    np.testing.assert_array_equal(layer.forward(x), [[[3, 9], [3, 9], [3, 9]]])
    np.testing.assert_array_equal(layer.indices, [[[1, 0], [1, 2], [2, 2]]])
    assert layer.indices.dtype == np.int64


def test_the_earlier_of_equal_frames_is_among_the_largest() -> None:
    layer = nn.TemporalDynamicKMaxPooling(2).double()
    layer.forward(np.array([[1.0], [2], [2], [2]]))
    np.testing.assert_array_equal(layer.indices, [[1], [2]])


@pytest.mark.parametrize("threads", ["1", "3"])
def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch, threads: str) -> None:
    generator = np.random.default_rng(0)
    x, dy = generator.standard_normal((5, 7, 6, 8)), generator.standard_normal((5, 7, 3, 4))
    whole = nn.SpatialMaxPooling(2, 2).double()
    y, dx, indices = whole.forward(x).copy(), whole.backward(x, dy).copy(), whole.indices.copy()
    monkeypatch.setattr(max_pooling_base, "BLOCK_SIZE", 4 * 48)
    monkeypatch.setenv("NNTRAIN_THREADS", threads)
    parted = nn.SpatialMaxPooling(2, 2).double()
    np.testing.assert_array_equal(parted.forward(x), y)
    np.testing.assert_array_equal(parted.backward(x, dy), dx)
    np.testing.assert_array_equal(parted.indices, indices)


def test_a_layer_that_writes_over_the_output_does_not_turn_the_gradient() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 4))
    dy = np.ones((2, 3, 2, 2))
    pooling = nn.SpatialMaxPooling(2, 2).double()
    pooling.forward(x)
    wanted = pooling.backward(x, dy).copy()
    pooling.forward(x)[...] = 0
    np.testing.assert_array_equal(pooling.backward(x, dy), wanted)


def test_there_are_no_indices_before_the_first_forward() -> None:
    assert nn.SpatialMaxPooling(2, 2).indices.shape == (0,)


def test_integers_are_pooled_in_the_type_of_the_module() -> None:
    y = nn.SpatialMaxPooling(2, 1).forward(np.array([[[1, 3, 2, 0]]]))
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, [[[3, 2]]])


def test_unpooling_puts_maxima_where_they_came_from() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 5, 7))
    pooling = nn.SpatialMaxPooling(2, 2)
    unpooling = nn.SpatialMaxUnpooling(pooling)
    y = unpooling.forward(pooling.forward(x))
    assert np.count_nonzero(y) == 2 * 3 * 2 * 3
    np.testing.assert_array_equal(y[y != 0], x[y != 0])
    assert unpooling.parameters() == ([], [])
    assert unpooling.children() == []


def test_unpooling_needs_what_its_pooling_gave() -> None:
    pooling = nn.SpatialMaxPooling(2, 2)
    unpooling = nn.SpatialMaxUnpooling(pooling)
    x = np.zeros((2, 4, 4))
    with pytest.raises(ShapeError, match=r"SpatialMaxPooling\(2x2, 2,2\) has no output yet"):
        unpooling.forward(x)
    pooling.forward(x)
    with pytest.raises(ShapeError, match=r"shape \(2, 2, 2\), the output of the pooling, got \(2, 4, 4\)"):
        unpooling.forward(x)
    pooling.clear_state()
    with pytest.raises(ShapeError, match="no output yet"):
        unpooling.forward(x[:, :2, :2])


def test_a_cloned_unpooling_follows_the_cloned_pooling() -> None:
    twin = nn.Sequential([pooling := nn.SpatialMaxPooling(2, 2), nn.SpatialMaxUnpooling(pooling)]).clone()
    assert twin[1].pooling is twin[0]
    assert twin[1].pooling is not pooling
