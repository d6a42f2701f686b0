"""What paddings and resamplings refuse, and how they print."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ShapeError

IMAGE = np.zeros((2, 3, 4))
VOLUME = np.zeros((2, 3, 4, 5))


@pytest.mark.parametrize(
    ("layer", "x", "what"),
    [
        (nn.SpatialZeroPadding(1), IMAGE[0], r"\(C, h, w\) or \(N, C, h, w\)"),
        (nn.SpatialZeroPadding(1), [IMAGE], r"\(C, h, w\)"),
        (nn.SpatialZeroPadding(-2, -2, 0, 0), IMAGE, "w at least 5, got .2, 3, 4"),
        (nn.SpatialReplicationPadding(0, 0, -3, 0), IMAGE, "h at least 4"),
        (nn.SpatialReflectionPadding(0, 4, 0, 0), IMAGE, "w at least 5"),
        (nn.SpatialReflectionPadding(0, 0, 3, 0), IMAGE, "h at least 4"),
        (nn.VolumetricReplicationPadding(1), IMAGE, r"\(C, t, h, w\)"),
        (nn.VolumetricReplicationPadding(0, 0, 0, 0, -2, -1), VOLUME, "t at least 4"),
        (nn.SpatialUpSamplingNearest(2), IMAGE[0], r"\(C, h, w\)"),
        (nn.SpatialUpSamplingBilinear(2), IMAGE[:, :0], "h at least 1"),
        (nn.UpSampling(2), IMAGE, r"\(N, C, h, w\) or \(N, C, t, h, w\)"),
        (nn.UpSampling(mode="linear", out_h=2, out_w=2), VOLUME[None], "out_t is not set"),
        (nn.UpSampling(2, "linear"), VOLUME[:, :, :0], "at least one element"),
        (nn.PixelShuffle(2), IMAGE, "multiple of 4"),
    ],
)
def test_a_wrong_input_is_reported_with_what_would_fit(layer: Any, x: Any, what: str) -> None:
    with pytest.raises(ShapeError, match=what):
        layer.forward(x)


@pytest.mark.parametrize(
    ("cls", "arguments", "what"),
    [
        ("SpatialUpSamplingNearest", {"scale_factor": 0}, "scale_factor, got 0"),
        ("SpatialUpSamplingNearest", {"scale_factor": 1.5}, "scale_factor, got 1.5"),
        ("SpatialUpSamplingBilinear", {}, "either scale_factor or both out_h and out_w"),
        ("SpatialUpSamplingBilinear", {"out_h": 3}, "either scale_factor or both"),
        ("SpatialUpSamplingBilinear", {"scale_factor": 2, "out_h": 3, "out_w": 3}, "either scale_factor or both"),
        ("SpatialUpSamplingBilinear", {"out_h": 0, "out_w": 3}, "out_h, got 0"),
        ("UpSampling", {}, "either scale_factor or both"),
        ("UpSampling", {"scale_factor": 2, "mode": "cubic"}, "'nearest' or 'linear', got 'cubic'"),
        ("UpSampling", {"out_h": 2, "out_w": 2}, "'nearest' requires scale_factor"),
        ("UpSampling", {"scale_factor": 2, "mode": "linear", "out_t": 2}, "out_t 2"),
        ("UpSampling", {"mode": "linear", "out_t": 2}, "either scale_factor or both"),
        ("PixelShuffle", {"upscale_factor": 0}, "upscale_factor, got 0"),
    ],
)
def test_a_wrong_argument_is_reported_the_range(cls: str, arguments: dict[str, Any], what: str) -> None:
    with pytest.raises(ArgumentError, match=what):
        getattr(nn, cls)(**arguments)


def test_labels_show_what_was_inferred() -> None:
    assert nn.SpatialZeroPadding(1).label() == "SpatialZeroPadding(l=1, r=1, t=1, b=1)"
    assert nn.UpSampling(2, "trilinear").label() == "UpSampling(2x, linear)"
    assert nn.UpSampling(None, "linear", None, 3, 4).label() == "UpSampling(3x4, linear)"


def test_interpolation_meets_every_element_of_a_multiple_grid() -> None:
    x = np.random.default_rng(0).standard_normal((1, 5, 6))
    y = nn.SpatialUpSamplingBilinear(out_h=13, out_w=16).double().forward(x)
    np.testing.assert_allclose(y[:, ::3, ::3], x, atol=1e-14)


def test_shuffled_pixels_come_from_neighbouring_planes() -> None:
    x = np.arange(2 * 4 * 2 * 3.0).reshape(8, 2, 3)
    y = nn.PixelShuffle(2).double().forward(x)
    for c, i, j in np.ndindex(y.shape):
        assert y[c, i, j] == x[c * 4 + (i % 2) * 2 + j % 2, i // 2, j // 2]
