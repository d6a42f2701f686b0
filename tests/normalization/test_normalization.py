"""Normalizations against their formulas, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ShapeError

X = np.random.default_rng(0).standard_normal((2, 3, 5, 6))
KERNEL = np.array([[1, 2, 0], [4, 1, 3], [0.5, 1, 2]])


def mean(x: Any, kernel: Any) -> Any:
    """The weighted mean around every pixel of (C, h, w), over all planes, zero beyond the image."""
    planes, h, w = x.shape
    rows, columns = kernel.shape
    padded = np.pad(x, ((0, 0), (rows // 2,) * 2, (columns // 2,) * 2))
    y = np.zeros((h, w))
    for i, j in np.ndindex(h, w):
        y[i, j] = (padded[:, i : i + rows, j : j + columns] * kernel).sum()
    return y / (planes * kernel.sum())


def subtracted(x: Any, kernel: Any) -> Any:
    """One image without its local mean."""
    return x - mean(x, kernel) / mean(np.ones_like(x), kernel)


def divided(x: Any, kernel: Any, threshold: float, value: float) -> Any:
    """One image over its local deviation."""
    s = np.sqrt(mean(x**2, kernel)) / mean(np.ones_like(x), kernel)
    return x / np.where(s > threshold, s, value)


@pytest.mark.parametrize("kernel", [KERNEL, np.array([[1.0, 2, 3, 2, 1]]), np.array([1.0, 3, 2]), None])
def test_local_normalizations_are_their_formulas(kernel: Any) -> None:
    full = np.ones((9, 9)) if kernel is None else np.outer(kernel, kernel) if kernel.ndim == 1 else kernel
    for layer, formula in (
        (nn.SpatialSubtractiveNormalization(3, kernel), lambda x: subtracted(x, full)),
        (nn.SpatialDivisiveNormalization(3, kernel, 0.9, 0.5), lambda x: divided(x, full, 0.9, 0.5)),
        (nn.SpatialContrastiveNormalization(3, kernel), lambda x: divided(subtracted(x, full), full, 1e-4, 1e-4)),
    ):
        np.testing.assert_allclose(layer.double().forward(X), [formula(x) for x in X], atol=1e-12)
        np.testing.assert_allclose(layer.double().forward(X[0]), formula(X[0]), atol=1e-12)


def test_the_callers_kernel_is_not_touched() -> None:
    kernel = KERNEL.copy()
    layer = nn.SpatialSubtractiveNormalization(3, kernel)
    np.testing.assert_array_equal(kernel, KERNEL)
    np.testing.assert_allclose(layer.kernel, KERNEL / (3 * KERNEL.sum()))
    assert nn.build(layer.spec()).spec() == layer.spec()


def test_a_kernel_of_one_axis_is_kept_as_its_outer_product() -> None:
    kernel = nn.SpatialDivisiveNormalization(2, [1, 3, 2]).kernel
    np.testing.assert_allclose(kernel, np.outer([1, 3, 2], [1, 3, 2]) / 72)


def test_a_border_without_weights_has_the_mean_zero() -> None:
    x = np.array([[[5.0, 7, 9]]])
    y = nn.SpatialSubtractiveNormalization(1, [[1, 0, 0]]).double().forward(x)
    np.testing.assert_allclose(y, [[[5, 2, 2]]])


def test_planes_are_normalized_across_their_neighbours() -> None:
    y = nn.SpatialCrossMapLRN(3, 0.5, 0.75, 2).double().forward(X)
    padded = np.pad(X, ((0, 0), (1, 1), (0, 0), (0, 0))) ** 2
    sums = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    np.testing.assert_allclose(y, X / (2 + 0.5 / 3 * sums) ** 0.75)


@pytest.mark.parametrize("axes", [2, 3])
def test_one_sample_moves_no_statistics(axes: int) -> None:
    layer = (nn.SpatialBatchNormalization if axes == 2 else nn.VolumetricBatchNormalization)(3)
    layer.forward(np.ones((1, 3, *(2,) * axes), np.float32))
    np.testing.assert_array_equal(layer.running_mean, 0)
    np.testing.assert_array_equal(layer.running_var, 1)


@pytest.mark.parametrize(
    ("layer", "x", "what"),
    [
        (nn.SpatialBatchNormalization(3), X[0], r"\(N, 3, h, w\)"),
        (nn.SpatialBatchNormalization(2), X, r"\(N, 2, h, w\)"),
        (nn.VolumetricBatchNormalization(3), X, r"\(N, 3, t, h, w\)"),
        (nn.SpatialCrossMapLRN(3), X[0, 0], r"\(C, h, w\) or \(N, C, h, w\)"),
        (nn.SpatialSubtractiveNormalization(2), X, r"\(2, h, w\) or \(N, 2, h, w\), got \(2, 3, 5, 6\)"),
        (nn.SpatialDivisiveNormalization(2), X[0, 0], r"\(2, h, w\)"),
        (nn.SpatialContrastiveNormalization(2), X, r"\(2, h, w\)"),
    ],
)
def test_a_wrong_input_is_reported_with_what_would_fit(layer: Any, x: Any, what: str) -> None:
    with pytest.raises(ShapeError, match=what):
        layer.forward(x)


@pytest.mark.parametrize(
    ("cls", "arguments", "what"),
    [
        ("SpatialBatchNormalization", (0,), "at least 1, got 0"),
        ("VolumetricBatchNormalization", (0,), "at least 1, got 0"),
        ("SpatialCrossMapLRN", (4,), "odd size, got 4"),
        ("SpatialCrossMapLRN", (0,), "size, got 0"),
        ("SpatialSubtractiveNormalization", (1, [1, 2]), r"odd size, .* got the shape \(2,\)"),
        ("SpatialSubtractiveNormalization", (0,), "n_input_plane, got 0"),
        ("SpatialDivisiveNormalization", (1, [[1, 2, 1], [1, 2, 1]]), r"got the shape \(2, 3\)"),
        ("SpatialDivisiveNormalization", (1, np.ones((3, 3, 3))), r"one or two axes"),
        ("SpatialContrastiveNormalization", (1, [1, -2, 1]), "a nonzero sum"),
    ],
)
def test_a_wrong_argument_is_reported_the_range(cls: str, arguments: Any, what: str) -> None:
    with pytest.raises(ArgumentError, match=what):
        getattr(nn, cls)(*arguments)


def test_contrastive_normalization_prints_as_one_layer() -> None:
    assert str(nn.SpatialContrastiveNormalization(2)) == "nn.SpatialContrastiveNormalization"
