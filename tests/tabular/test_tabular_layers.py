"""What the laws do not say of the layers for tables: initial values, edges, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ShapeError


def test_an_encoding_is_constant_at_edges_and_outside() -> None:
    layer: Any = nn.PiecewiseLinearEncoding([[0, 1, 3]]).double()
    x = np.array([[-5.0], [0.0], [0.5], [1.0], [2.0], [3.0], [9.0]])
    y = layer.forward(x)
    np.testing.assert_array_equal(y, [[0, 0], [0, 0], [0.5, 0], [1, 0], [1, 0.5], [1, 1], [1, 1]])
    dx = layer.backward(x, np.full_like(y, 2.0))
    np.testing.assert_array_equal(dx[:, 0], [0, 0, 2, 0, 1, 0, 0])


def test_an_encoding_of_infinite_numbers_is_finite() -> None:
    layer = nn.PiecewiseLinearEncoding([[0, 1, 3], [0, 1]])
    y = layer.forward(np.array([[np.inf, -np.inf]], np.float32))
    np.testing.assert_array_equal(y, [[1, 1, 0]])


def test_an_embedding_is_its_formula() -> None:
    nn.manual_seed(1)
    layer: Any = nn.PeriodicEmbedding(3, n_frequencies=5, embedding_size=2).double()
    x = np.random.default_rng(1).normal(size=(4, 3))
    y = layer.forward(x).reshape(4, 3, 3)
    for i in range(3):
        z = np.cos(2 * np.pi * x[:, i, None] * layer.frequency[i] + layer.phase[i])
        np.testing.assert_array_equal(y[:, i, 0], x[:, i])
        np.testing.assert_allclose(y[:, i, 1:], z @ layer.weight[i].T + layer.bias[i], rtol=1e-12)


def test_initial_values_have_their_distributions() -> None:
    nn.manual_seed(1)
    embedding = nn.PeriodicEmbedding(100, sigma=0.5)
    assert embedding.frequency.std() == pytest.approx(0.5, rel=0.05)
    assert np.abs(embedding.phase).max() == pytest.approx(np.pi, rel=0.01)
    assert max(np.abs(embedding.weight).max(), np.abs(embedding.bias).max()) == pytest.approx(0.25, rel=0.01)
    scales = {kind: nn.LinearBatchEnsemble(50, 2, 40, kind).input_scale for kind in ("ones", "signs", "normal")}
    assert (scales["ones"] == 1).all()
    assert (np.abs(scales["signs"]) == 1).all()
    assert abs(scales["signs"].mean()) < 0.1
    assert scales["normal"].std() == pytest.approx(1, rel=0.05)
    layer = nn.LinearBatchEnsemble(4, 50, 8)
    assert np.abs(layer.bias).max() == pytest.approx(0.5, rel=0.05)
    assert len(np.unique(layer.bias)) == layer.bias.size
    assert not nn.LinearEnsemble(4, 2, 3, zero_init=True).weight.any()
    assert (nn.FeatureScale(3).weight == 1).all()


SIZES = {"input_size": 3, "output_size": 2, "members": 2}


@pytest.mark.parametrize(
    ("cls", "arguments", "what"),
    [
        ("SelectColumns", {"columns": []}, r"columns of at least 0, got \[\]"),
        ("SelectColumns", {"columns": [1, -1]}, "columns of at least 0"),
        ("FeatureScale", {"input_size": 0}, "sizes of at least 1"),
        ("PeriodicEmbedding", {"input_size": 2, "n_frequencies": 0}, "sizes of at least 1"),
        ("PeriodicEmbedding", {"input_size": 2, "sigma": -0.1}, "sigma of at least 0"),
        ("PeriodicEmbedding", {"input_size": 2, "sigma": float("nan")}, "sigma of at least 0"),
        ("PiecewiseLinearEncoding", {"edges": []}, "at least one column"),
        ("PiecewiseLinearEncoding", {"edges": [[0, 1], [0]]}, r"edges\[1\]: expected at least 2 edges that ascend"),
        ("PiecewiseLinearEncoding", {"edges": [[0, 2, 1]]}, r"edges\[0\]"),
        ("PiecewiseLinearEncoding", {"edges": [[0, 1, 1]]}, r"edges\[0\]"),
        ("PiecewiseLinearEncoding", {"edges": [[1, 1 + 1e-12]]}, "differ in float32"),
        ("PiecewiseLinearEncoding", {"edges": [[0, float("inf")]]}, r"edges\[0\]"),
        ("PiecewiseLinearEncoding", {"edges": [[0, float("nan")]]}, r"edges\[0\]"),
        ("LinearBatchEnsemble", {**SIZES, "members": 0}, "sizes of at least 1"),
        ("LinearBatchEnsemble", {**SIZES, "scale_init": "zeros"}, "scale_init of 'ones', 'signs' or 'normal'"),
        ("LinearEnsemble", {**SIZES, "output_size": 0}, "sizes of at least 1"),
    ],
)
def test_arguments_out_of_range_are_refused(cls: str, arguments: dict[str, Any], what: str) -> None:
    with pytest.raises(ArgumentError, match=what):
        getattr(nn, cls)(**arguments)


@pytest.mark.parametrize(
    ("module", "shape", "what"),
    [
        (nn.SelectColumns([3]), (2, 3), r"\(N, n\), n at least 4, got \(2, 3\)"),
        (nn.SelectColumns([0]), (3,), r"\(N, n\)"),
        (nn.FeatureScale(3), (2, 4), r"\(N, 3\)"),
        (nn.PeriodicEmbedding(3), (2, 3, 3), r"\(N, 3\)"),
        (nn.PiecewiseLinearEncoding([[0, 1]]), (2, 2), r"\(N, 1\)"),
        (nn.LinearBatchEnsemble(**SIZES), (3, 4, 3), r"\(2, N, 3\)"),
        (nn.LinearBatchEnsemble(**SIZES), (4, 3), r"\(2, N, 3\)"),
        (nn.LinearEnsemble(**SIZES), (2, 4, 4), r"\(2, N, 3\)"),
    ],
    ids=str,
)
def test_inputs_of_another_shape_are_refused(module: nn.Module, shape: tuple[int, ...], what: str) -> None:
    with pytest.raises(ShapeError, match=what):
        module.forward(np.zeros(shape, np.float32))
