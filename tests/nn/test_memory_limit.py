"""The limit on the memory of outputs and buffers fails before anything large is allocated."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Value
from nntrain.compute.memory_limit import MemoryLimit, count_bytes, get_limit_for_rows, use_memory_limit
from nntrain.errors import MemoryLimitError

MB = 2**20
HUGE = 4 * 10**9


def image(*sizes: int) -> Any:
    return np.ones(sizes, np.float32)


def chain(*modules: Any) -> Any:
    return nn.Sequential(list(modules))


# Modules whose output or buffers are enormous for a small input.
ENORMOUS = {
    "copies": (lambda: nn.Replicate(HUGE, 1), image(1, 3)),
    "copies of copies": (lambda: chain(*(nn.Replicate(100, 1) for _ in range(5))), image(1, 3)),
    "nearest": (lambda: nn.SpatialUpSamplingNearest(50_000), image(1, 1, 2, 2)),
    "bilinear": (lambda: nn.SpatialUpSamplingBilinear(50_000), image(1, 1, 2, 2)),
    "bilinear with a large matrix": (lambda: nn.SpatialUpSamplingBilinear(1), image(1, 1, 20_000, 1)),
    "upsampling": (lambda: nn.UpSampling(None, "linear", 10**6, 10**3, 10**3), image(1, 1, 2, 2, 2)),
    "zeros around": (lambda: nn.SpatialZeroPadding(HUGE, 0, 0, 0), image(1, 1, 2, 2)),
    "zeros along one axis": (lambda: nn.SpatialZeroPadding(3_500_000, 0, 0, 0), image(1, 1, 1, 2)),
    "edges around": (lambda: nn.SpatialReplicationPadding(HUGE, 0, 0, 0), image(1, 1, 2, 2)),
    "volume around": (lambda: nn.VolumetricReplicationPadding(HUGE, 0, 0, 0, 0, 0), image(1, 1, 2, 2, 2)),
    "slices": (lambda: nn.Padding(1, HUGE), image(1, 3)),
    "stride": (lambda: nn.SpatialFullConvolution(1, 1, 1, 1, 10**5, 10**5), image(1, 1, 2, 2)),
    "adj": (lambda: nn.SpatialFullConvolution(1, 1, 1, 1, 10**5, 10**5, 0, 0, 99_999, 99_999), image(1, 1, 1, 1)),
    "volume": (lambda: nn.VolumetricFullConvolution(1, 1, 1, 1, 1, 10**4, 10**4, 10**4), image(1, 1, 2, 2, 2)),
    "padded convolution": (lambda: nn.SpatialConvolution(1, 1, 1, 1, 1, 1, 10**5, 10**5), image(1, 1, 2, 2)),
    "phases": (lambda: nn.SpatialConvolution(1, 1, 1, 1, 10**5, 10**5, 10**5, 10**5), image(1, 1, 2, 2)),
    "adaptive average": (lambda: nn.SpatialAdaptiveAveragePooling(10**5, 10**5), image(1, 1, 2, 2)),
    "adaptive average of a long axis": (lambda: nn.SpatialAdaptiveAveragePooling(1, 20_000), image(1, 1, 20_000, 1)),
    "adaptive maximum": (lambda: nn.SpatialAdaptiveMaxPooling(10**5, 10**5), image(1, 1, 2, 2)),
    "classes": (lambda: nn.OneHot(HUGE), np.zeros((1, 1), np.int64)),
    "distances": (lambda: nn.Euclidean(1000, 1000), image(9, 1000)),
    "products": (lambda: nn.Bilinear(1000, 1000, 1), [image(9, 1000), image(9, 1000)]),
    "joined": (lambda: chain(nn.ConcatTable([nn.Replicate(1000, 1)] * 9), nn.JoinTable(1)), image(1, 1000)),
    "clones": (lambda: chain(nn.Replicate(10**5, 1), nn.SplitTable(1), nn.MapTable(nn.Identity())), image(1, 1)),
    "clones with parameters": (
        lambda: chain(nn.Replicate(9, 1), nn.SplitTable(1), nn.MapTable(nn.Linear(700, 700), False)),
        image(1, 700),
    ),
    "another type": (lambda: nn.Copy("float32", "V100000000"), image(1, 9)),
}


@pytest.mark.parametrize("name", ENORMOUS)
def test_enormous_memory_is_refused_before_it_is_taken(name: str) -> None:
    make, x = ENORMOUS[name]
    module: Any = make()
    module.evaluate()
    tracemalloc.start()
    try:
        with use_memory_limit(MemoryLimit(16 * MB)), pytest.raises(MemoryLimitError) as raised:
            module.forward(x)
        assert tracemalloc.get_traced_memory()[1] < 64 * MB
    finally:
        tracemalloc.stop()
    assert "the limit is 16.8 MB" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_error_names_the_layer_and_the_shape() -> None:
    network = chain(nn.Linear(4, 3), chain(nn.Tanh(), nn.Replicate(HUGE, 1)))
    with use_memory_limit(MemoryLimit(MB)), pytest.raises(MemoryLimitError) as raised:
        network.forward(image(1, 4))
    assert str(raised.value) == (
        "Sequential[1] > Sequential[1] > Replicate: "
        "its output of shape (1 × 4,000,000,000 × 3) takes 48 GB, the limit is 1.05 MB"
    )


def test_memory_that_is_there_is_not_counted_again() -> None:
    network = chain(nn.Linear(100, 100), nn.Tanh())
    x = image(100, 100)
    # Two outputs of 100 · 100 numbers of 4 bytes.
    with use_memory_limit(MemoryLimit(2 * 40_000)) as limit:
        for _ in range(5):
            network.forward(x)
        network.forward(x[:7])
        assert limit.used == 80_000
        with pytest.raises(MemoryLimitError):
            network.forward(image(101, 100))


def test_without_a_limit_nothing_is_refused() -> None:
    assert nn.Replicate(10**6, 1).forward(image(1, 3)).shape == (1, 10**6, 3)


@pytest.mark.parametrize(
    ("value", "count"), [(np.zeros((2, 3), np.float32), 24), ([np.zeros(2), [np.zeros(1, np.int32)]], 20), ([], 0)]
)
def test_the_bytes_of_a_table_are_those_of_its_arrays(value: Value, count: int) -> None:
    assert count_bytes(value) == count
    assert get_limit_for_rows(value) == 128_000_000 + 1000 * count


def test_a_window_over_more_planes_than_there_are_takes_no_time() -> None:
    # All three channels are within the window: k + alpha / size · 3 is 1 to seven digits, and so is its power.
    x = image(1, 3, 2, 2)
    np.testing.assert_allclose(nn.SpatialCrossMapLRN(10**9 + 1).forward(x), x, rtol=1e-6)


def test_a_kernel_much_larger_than_the_image_is_refused_before_its_taps_are_listed() -> None:
    pooling = nn.SpatialMaxPooling(10**9, 1, 1, 1, 5 * 10**8, 0)
    with use_memory_limit(MemoryLimit(16 * MB)), pytest.raises(MemoryLimitError, match=r"SpatialMaxPooling.* 8 GB"):
        pooling.forward(np.arange(6, dtype=np.float32).reshape(1, 1, 1, 6))


def test_the_average_over_a_kernel_much_larger_than_the_image_counts_what_it_should() -> None:
    # Windows of 10⁹ taps around each of three elements: all of them are in every window.
    x = np.array([[[[3.0, 6.0, 9.0]]]])
    inside = nn.SpatialAveragePooling(10**9 + 1, 1, 1, 1, 5 * 10**8, 0, count_include_pad=False).double()
    np.testing.assert_array_equal(inside.forward(x), np.full((1, 1, 1, 3), 6.0))
    padded = nn.SpatialAveragePooling(10**9 + 1, 1, 1, 1, 5 * 10**8, 0).double()
    # The window of the first element reaches 5 · 10⁸ to both sides, where there is x or padding up to 2 + 5 · 10⁸.
    np.testing.assert_allclose(padded.forward(x), np.full((1, 1, 1, 3), 18 / (10**9 + 1)), rtol=1e-12)
