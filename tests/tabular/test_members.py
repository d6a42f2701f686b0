"""The average of the members of an ensemble, and the loss of each member."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.errors import ArgumentError, ShapeError
from nntrain.nn.network_ends import find_end_class, find_last_module

LABELS = np.array([0, 2, 1, 2, 0])
NUMBERS = np.random.default_rng(5).normal(size=(5, 3))


def draw_members(members: int = 4, rows: int = 5, outputs: int = 3) -> Array:
    return np.random.default_rng(1).normal(scale=2, size=(members, rows, outputs))


def compute_softmax(x: Array) -> Array:
    odds = np.exp(x - x.max(axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


def make_average(average: Any = "probabilities", temperature: float = 1) -> Any:
    """An AverageMembers in evaluation mode and double precision."""
    layer: Any = nn.AverageMembers(average).double()
    layer.evaluate()
    layer.temperature[...] = temperature
    return layer


# The average


def test_training_returns_the_members_of_each_row() -> None:
    layer, x = nn.AverageMembers(), draw_members()
    y = layer.forward(x)
    np.testing.assert_array_equal(y, np.stack([x[:, row] for row in range(5)]))
    np.testing.assert_array_equal(layer.backward(x, 2 * y), 2 * x)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_evaluation_averages_probabilities(temperature: float) -> None:
    layer, x = make_average(temperature=temperature), draw_members()
    p = np.mean([compute_softmax(member) for member in x], axis=0)
    np.testing.assert_allclose(layer.forward(x), np.log(p) / temperature, rtol=1e-12)


def test_label_smoothing_is_undone() -> None:
    # Of four classes, of which one has nearly all of the smoothed probability and one less than the smoothing gives.
    smoothed = 0.9 * np.array([[0.7, 0.2, 0.08, 0.02], [0.97, 0.01, 0.01, 0.01]]) + 0.025
    smoothed[1] = [0.94, 0.02, 0.02, 0.02]
    layer: Any = nn.AverageMembers(label_smoothing=0.1).double()
    layer.evaluate()
    # Epochs are compared by what they are trained for.
    np.testing.assert_allclose(layer.forward(np.log(smoothed)[None]), np.log(smoothed), rtol=1e-9)
    layer.smoothing[...] = 0.1
    got = np.exp(layer.forward(np.log(smoothed)[None]))
    np.testing.assert_allclose(got[0] / got[0].sum(), [0.7, 0.2, 0.08, 0.02], rtol=1e-9)
    np.testing.assert_allclose(got[1, 1:], 0.02 / 101, rtol=1e-9)


def test_rows_keep_their_order_without_the_smoothing() -> None:
    # Metrics of the order, such as roc_auc, would lose by equal probabilities, though all are below the smoothing's.
    layer: Any = nn.AverageMembers(label_smoothing=0.1).double()
    layer.evaluate()
    p = np.geomspace(1e-12, 0.9, 200)
    x = np.log(np.stack([p, 1 - p], axis=1))[None]
    layer.smoothing[...] = 0.1
    with np.errstate(all="raise", under="ignore"):
        y = layer.forward(x)
    assert np.all(np.diff(y[:, 0] - y[:, 1]) > 0)


def test_evaluation_averages_values() -> None:
    layer, x = make_average("values"), draw_members()
    np.testing.assert_allclose(layer.forward(x), sum(x) / 4, rtol=1e-12)
    np.testing.assert_allclose(layer.backward(x, x[0]), [x[0] / 4] * 4, rtol=1e-12)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_the_gradient_in_evaluation_is_the_numerical_one(temperature: float, smoothing: float) -> None:
    layer, x = make_average(temperature=temperature), draw_members(3, 2, 4)
    layer.smoothing[...] = smoothing
    dy = np.random.default_rng(2).normal(size=(2, 4))
    layer.forward(x)
    dx, expected = layer.backward(x, dy).copy(), np.empty_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = 1e-6
        expected[index] = ((layer.forward(x + step) * dy).sum() - (layer.forward(x - step) * dy).sum()) / 2e-6
    np.testing.assert_allclose(dx, expected, atol=1e-7)


def test_averages_of_extreme_logits_are_finite() -> None:
    layer = make_average()
    x = np.array([[[1e4, 0.0], [0.0, 0.0]], [[-1e6, 1e6], [1e6, 1e6]]])
    with np.errstate(all="raise", under="ignore"):
        y = layer.forward(x).copy()
        dx = layer.backward(x, np.ones_like(y))
    assert np.isfinite(dx).all()
    np.testing.assert_allclose(y, np.log(0.5), rtol=1e-9)


def test_the_average_is_the_end_of_its_network() -> None:
    assert [make_average(average).output_form for average in ("probabilities", "values")] == ["logits", "values"]
    layer = nn.AverageMembers()
    network = nn.Sequential([nn.Sequential([nn.RepeatMembers(2), layer])])
    assert find_last_module(network) is layer
    assert find_end_class(network.spec(), -1).member_criterion == "MemberCriterion"


# The criterion


def weigh_rows(criterion: Any) -> Any:
    criterion.set_row_weights(np.array([0.5, 2, 0, 1, 3]))
    return criterion


CRITERIONS = {
    "classes": (lambda: nn.CrossEntropyCriterion(), LABELS),
    "class_weights": (lambda: nn.CrossEntropyCriterion(weights=[1, 2, 0.5]), LABELS),
    "sum": (lambda: nn.CrossEntropyCriterion(size_average=False), LABELS),
    "row_weights": (lambda: weigh_rows(nn.CrossEntropyCriterion(weights=[1, 2, 0.5])), LABELS),
    "values": (lambda: nn.MSECriterion(), NUMBERS),
    "values_sum": (lambda: weigh_rows(nn.MSECriterion(size_average=False)), NUMBERS),
    "labels": (lambda: nn.MultiLabelSoftMarginCriterion(), (NUMBERS > 0).astype(float)),
}


@pytest.mark.parametrize(("build", "t"), CRITERIONS.values(), ids=CRITERIONS)
def test_the_loss_is_the_mean_of_those_of_the_members(build: Any, t: Array) -> None:
    inner, each = build(), build()
    criterion, x = nn.MemberCriterion(inner), np.ascontiguousarray(draw_members().transpose(1, 0, 2))
    criterion.set_row_weights(each.row_weights)
    losses, gradients = [], []
    for member in range(4):
        losses.append(each.forward(x[:, member], t))
        gradients.append(each.update_grad_input(x[:, member], t) / 4)
    assert criterion.forward(x, t) == pytest.approx(np.mean(losses), rel=1e-12)
    np.testing.assert_allclose(criterion.backward(x, t), np.stack(gradients, axis=1), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("build", "t"), CRITERIONS.values(), ids=CRITERIONS)
def test_averaged_outputs_have_the_loss_of_the_criterion(build: Any, t: Array) -> None:
    each, x = build(), draw_members()[0]
    criterion = nn.MemberCriterion(build())
    criterion.set_row_weights(each.row_weights)
    assert criterion.forward(x, t) == each.forward(x, t)
    np.testing.assert_array_equal(criterion.backward(x, t), each.backward(x, t))
    assert criterion.sum_weights(t) == each.sum_weights(t)
    np.testing.assert_array_equal(criterion.to_output_form(x), x)


@pytest.mark.parametrize("inner", [nn.CrossEntropyCriterion, nn.MSECriterion])
def test_outputs_of_members_are_read_as_their_average(inner: Any) -> None:
    criterion, x = nn.MemberCriterion(inner()), draw_members()
    layer = make_average("values" if criterion.output_form == "values" else "probabilities")
    np.testing.assert_allclose(criterion.to_output_form(x.transpose(1, 0, 2)), layer.forward(x), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "what"),
    [
        (lambda: nn.RepeatMembers(0), ArgumentError, "sizes of at least 1"),
        (lambda: nn.AverageMembers("median"), ArgumentError, "'probabilities' or 'values', got 'median'"),
        (lambda: nn.AverageMembers().forward(np.ones((4, 3))), ShapeError, r"\(members, N, C\), got \(4, 3\)"),
        (lambda: nn.MemberCriterion(nn.BCECriterion()), ArgumentError, "logits or values, got BCECriterion.* of prob"),
        (lambda: nn.MemberCriterion(nn.ClassNLLCriterion()), ArgumentError, "logits or values"),
        (lambda: nn.MemberCriterion(nn.MSECriterion()).forward(np.ones(3), np.ones(3)), ShapeError, r"\(N, C\), got"),
    ],
)
def test_errors_say_what_was_expected(call: Any, error: type[Exception], what: str) -> None:
    with pytest.raises(error, match=what):
        call()
