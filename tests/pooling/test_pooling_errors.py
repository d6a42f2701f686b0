"""What poolings refuse, and how they print."""

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
        (nn.SpatialMaxPooling(2, 2), IMAGE[0], r"\(C, h, w\) or \(N, C, h, w\) with h at least 2 and w at least 2"),
        (nn.SpatialMaxPooling(5, 2), IMAGE, r"w at least 5, got \(2, 3, 4\)"),
        (nn.SpatialMaxPooling(2, 5, 1, 1, 0, 1), IMAGE[:, :2], "h at least 3"),
        (nn.SpatialMaxPooling(2, 2, 3, 3, 0, 0, True), np.zeros((1, 6, 6)), "every window overlaps"),
        (nn.SpatialDilatedMaxPooling(2, 2, 1, 1, 0, 0, 3, 4), IMAGE, "h at least 5 and w at least 4"),
        (nn.SpatialDilatedMaxPooling(2, 1, 1, 1, 1, 0, 2, 1), IMAGE[:, :, :1], "every window overlaps"),
        (nn.SpatialAveragePooling(2, 4), IMAGE, "h at least 4"),
        (nn.SpatialAveragePooling(1, 1, 2, 2, 0, 0, True), np.zeros((1, 4, 4)), "every window overlaps"),
        (nn.SpatialLPPooling(2, 2, 5, 5), IMAGE, "h at least 5"),
        (nn.SpatialSubSampling(3, 2, 2), IMAGE, r"\(3, h, w\) or \(N, 3, h, w\)"),
        (nn.SpatialSubSampling(2, 2, 4), IMAGE, "h at least 4"),
        (nn.SpatialAdaptiveMaxPooling(2, 2), IMAGE[0], r"\(C, h, w\)"),
        (nn.SpatialAdaptiveAveragePooling(2, 2), [IMAGE], r"\(C, h, w\)"),
        (nn.TemporalMaxPooling(4), IMAGE, "T at least 4"),
        (nn.TemporalDynamicKMaxPooling(4), IMAGE, "T at least 4"),
        (nn.TemporalDynamicKMaxPooling(1, 1.5), IMAGE, "at least 5 frames"),
        (nn.TemporalSubSampling(4, 2), IMAGE, r"\(T, 4\), not a batch"),
        (nn.TemporalSubSampling(3, 2), IMAGE[0], r"\(T, 3\)"),
        (nn.TemporalSubSampling(4, 5), IMAGE[0], "T at least 5"),
        (nn.VolumetricMaxPooling(2, 2, 2), IMAGE, r"\(C, t, h, w\)"),
        (nn.VolumetricAveragePooling(4, 2, 2), VOLUME, "t at least 4"),
        (nn.FeatureLPPooling(4, 1, 2), IMAGE[0], r"\(n,\), \(n, a\) or \(n, a, b\) with n at least 4"),
        (nn.FeatureLPPooling(2, 1, 2, True), IMAGE[0, 0], r"\(N, n\)"),
    ],
)
def test_a_wrong_input_is_reported_with_what_would_fit(layer: Any, x: Any, what: str) -> None:
    with pytest.raises(ShapeError, match=what):
        layer.forward(x)


@pytest.mark.parametrize(
    ("cls", "arguments", "what"),
    [
        ("SpatialMaxPooling", (0, 2), "kernel size, got 0"),
        ("SpatialMaxPooling", (2, 2, 0), "stride, got 0"),
        ("SpatialMaxPooling", (2, 3, 1, 1, 0, 2), "half the kernel, 1, got 2"),
        ("SpatialMaxPooling", (2, 2, 1, 1, -1), "got -1"),
        ("SpatialDilatedMaxPooling", (2, 2, 1, 1, 0, 0, 0), "dilation, got 0"),
        ("SpatialAveragePooling", (2, 2, 1, 1, 2), "half the kernel, 1, got 2"),
        ("SpatialAdaptiveMaxPooling", (0, 1), "out_w, got 0"),
        ("SpatialAdaptiveAveragePooling", (1, 0), "out_h, got 0"),
        ("SpatialLPPooling", (1, 0, 2, 2), "other than 0"),
        ("SpatialSubSampling", (0, 2, 2), "n_input_plane, got 0"),
        ("FeatureLPPooling", (17, 1, 2), "width of 2 to 16"),
        ("FeatureLPPooling", (2, 5, 2), "stride of 1 to 4"),
        ("FeatureLPPooling", (2, 1, 0), "other than 0"),
        ("TemporalDynamicKMaxPooling", (0,), "min_k, got 0"),
        ("TemporalDynamicKMaxPooling", (1, -0.5), "factor of at least 0"),
        ("SpatialFractionalMaxPooling", (1, 2, 2, 2), "at least 2 as kernel size"),
        ("SpatialFractionalMaxPooling", (2, 2), "either all output sizes or all ratios"),
        ("SpatialFractionalMaxPooling", (2, 2, 3), "either all output sizes or all ratios"),
        ("SpatialFractionalMaxPooling", (2, 2, 3, 3, 0.5, 0.5), "either all output sizes or all ratios"),
        ("SpatialFractionalMaxPooling", (2, 2, None, None, 0.5, 1.0), "ratios between 0 and 1"),
        ("SpatialFractionalMaxPooling", (2, 2, 3, 3, None, None, [[0.5]]), r"\(N, C, 2\), got"),
        ("VolumetricFractionalMaxPooling", (2, 2, 2, 3, 3), "either all output sizes or all ratios"),
        ("SpatialMaxUnpooling", (nn.SpatialAveragePooling(2, 2),), "expected a SpatialMaxPooling"),
        ("SpatialMaxUnpooling", (nn.SpatialDilatedMaxPooling(2, 2, 2, 2, 0, 0, 3, 3),), "without dilation"),
        ("SpatialMaxUnpooling", (nn.SpatialMaxPooling(2, 2, 1, 2),), "stride = kernel"),
        ("VolumetricMaxUnpooling", (nn.SpatialMaxPooling(2, 2),), "expected a VolumetricMaxPooling"),
    ],
)
def test_a_wrong_argument_is_reported_the_range(cls: str, arguments: Any, what: str) -> None:
    with pytest.raises(ArgumentError, match=what):
        getattr(nn, cls)(*arguments)


@pytest.mark.parametrize(
    ("layer", "label"),
    [
        (nn.SpatialMaxPooling(2, 3), "SpatialMaxPooling(2x3, 2,3)"),
        (nn.SpatialMaxPooling(3, 2, 1, 2, 1, 0), "SpatialMaxPooling(3x2, 1,2, 1,0)"),
        (nn.SpatialDilatedMaxPooling(3, 2, 1, 2, 0, 0, 4, 5), "SpatialDilatedMaxPooling(3x2, 1,2, 4,5)"),
        (nn.VolumetricMaxPooling(2, 3, 4), "VolumetricMaxPooling(2x3x4, 2,3,4)"),
        (nn.TemporalMaxPooling(2), "TemporalMaxPooling"),
        (nn.SpatialFractionalMaxPooling(2, 3, 4, 5), "SpatialFractionalMaxPooling(4x5, 2,3)"),
    ],
)
def test_labels_are_in_the_order_of_the_constructor(layer: Any, label: str) -> None:
    assert layer.label() == label
