"""A MemberEnsemble gives each member its rows in training, and averages the members in evaluation mode."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.errors import ArgumentError, ShapeError, SpecError
from nntrain.nn.building.size_inference import infer_sizes
from nntrain.nn.inplace_checks import find_inplace_problems
from nntrain.nn.network_ends import find_end_class, find_last_module
from nntrain.nn.weight_init import initialize_weights

MEMBERS = 3


def made(average: str = "probabilities", outputs: int = 4) -> Any:
    """An ensemble of members with different weights, (N, 2) → (N, outputs), in double precision."""
    nn.manual_seed(1)
    heads = nn.LinearEnsemble(2, outputs, MEMBERS)
    return nn.MemberEnsemble([heads], MEMBERS, average).double()


def rows(count: int) -> Array:
    return np.random.default_rng(count).normal(size=(count, 2))


def outputs_of_members(ensemble: Any, x: Array) -> Array:
    """The output of each member for all rows, (members, N, C)."""
    heads = ensemble[0]
    return np.stack([x @ w.T + b for w, b in zip(heads.weight, heads.bias, strict=True)])


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 11])
def test_in_training_each_member_computes_its_own_consecutive_rows(count: int) -> None:
    ensemble, x = made(), rows(count)
    each = outputs_of_members(ensemble, x)
    member_rows = -(-count // MEMBERS)
    expected = [each[row // member_rows, row] for row in range(count)]
    np.testing.assert_allclose(ensemble.forward(x), expected, rtol=1e-12)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_rows_of_zeros_have_no_gradient(count: int) -> None:
    ensemble, x = made(), rows(count)
    ensemble.zero_grad_parameters()
    dy = np.random.default_rng(1).normal(size=ensemble.forward(x).shape)
    dx = ensemble.backward(x, dy)
    heads, member_rows = ensemble[0], -(-count // MEMBERS)
    owners = np.arange(count) // member_rows
    np.testing.assert_allclose(dx, [g @ heads.weight[owner] for g, owner in zip(dy, owners, strict=True)], rtol=1e-12)
    for member in range(MEMBERS):
        own = owners == member
        np.testing.assert_allclose(heads.grad_weight[member], dy[own].T @ x[own], rtol=1e-12)
        np.testing.assert_allclose(heads.grad_bias[member], dy[own].sum(axis=0), rtol=1e-12)


def test_the_loss_in_training_is_the_mean_of_the_losses_of_the_members() -> None:
    ensemble, x, labels = made(), rows(6), np.array([0, 1, 2, 3, 0, 1])
    criterion = nn.CrossEntropyCriterion()
    each = outputs_of_members(ensemble, x)
    losses = [
        criterion.forward(each[member, 2 * member : 2 * member + 2], labels[2 * member : 2 * member + 2])
        for member in range(MEMBERS)
    ]
    assert criterion.forward(ensemble.forward(x), labels) == pytest.approx(np.mean(losses), rel=1e-12)


def test_evaluation_averages_values() -> None:
    ensemble, x = made("values"), rows(5)
    ensemble.evaluate()
    np.testing.assert_allclose(ensemble.forward(x), outputs_of_members(ensemble, x).mean(axis=0), rtol=1e-12)


def test_evaluation_averages_probabilities() -> None:
    ensemble, x = made(), rows(5)
    ensemble.evaluate()
    odds = np.exp(outputs_of_members(ensemble, x))
    p = (odds / odds.sum(axis=2, keepdims=True)).mean(axis=0)
    np.testing.assert_allclose(np.exp(ensemble.forward(x)), p, rtol=1e-12)


def test_mean_probabilities_of_extreme_logits_are_finite() -> None:
    ensemble = made()
    ensemble.evaluate()
    x = np.array([[1e4, 0.0], [-1e6, 1e6]])
    with np.errstate(all="raise", under="ignore"):
        y = ensemble.forward(x).copy()
        dx = ensemble.backward(x, np.ones_like(y))
    assert np.isfinite(y).all()
    assert np.isfinite(dx).all()
    np.testing.assert_allclose(np.exp(y).sum(axis=1), 1, rtol=1e-9)


def test_a_repeated_step_with_padding_reuses_its_memory() -> None:
    ensemble, x = made(), rows(5)
    dy = np.ones((5, 4))
    first = ensemble.forward(x), ensemble.backward(x, dy)
    again = ensemble.forward(x), ensemble.backward(x, dy)
    assert [np.shares_memory(*pair) for pair in zip(first, again, strict=True)] == [True, True]


def test_a_module_that_works_in_place_changes_nothing() -> None:
    nn.manual_seed(2)
    plain = nn.Sequential([nn.Linear(2, 3), nn.MemberEnsemble([nn.ReLU(), nn.LinearEnsemble(3, 2, 2)], 2)]).double()
    inplace: Any = plain.clone()
    inplace[1].modules[0] = nn.ReLU(inplace=True).double()
    assert find_inplace_problems(inplace) == []
    for count in (4, 5):
        for mode in ("training", "evaluate"):
            x, dy, found = rows(count), np.random.default_rng(3).normal(size=(count, 2)), []
            for network in (plain, inplace):
                getattr(network, mode)()
                network.zero_grad_parameters()
                y = network.forward(x).copy()
                found.append([y, network.backward(x, dy.copy()).copy(), *(g.copy() for g in network.parameters()[1])])
            for ours, theirs in zip(*found, strict=True):
                np.testing.assert_array_equal(ours, theirs)


def test_a_first_module_in_place_on_the_data_is_refused() -> None:
    ensemble = nn.MemberEnsemble([nn.ReLU(inplace=True), nn.LinearEnsemble(2, 2, 2)], 2)
    ((path, message),) = find_inplace_problems(ensemble, is_data_input=True)
    assert path == ("modules", 0)
    assert "which is the data" in message


def test_a_module_may_be_used_twice_inside() -> None:
    shared = nn.LinearBatchEnsemble(2, 2, 2)
    ensemble: Any = nn.Sequential([nn.MemberEnsemble([shared, nn.Tanh(), shared], 2, "values")])
    flat, _ = ensemble.get_parameters()
    assert flat.size == sum(parameter.size for parameter in shared.parameters()[0])
    again = nn.build(ensemble.spec())
    again.restore(ensemble.state())
    np.testing.assert_array_equal(again.forward(np.float32(rows(4))), ensemble.forward(np.float32(rows(4))))


def test_a_frozen_ensemble_averages_in_training_too() -> None:
    ensemble, x = made("values"), rows(4)
    network = nn.Sequential([ensemble.freeze()])
    network.training()
    np.testing.assert_allclose(network.forward(x), outputs_of_members(ensemble, x).mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize("count", [2, 5])
def test_sizes_and_members_inside_are_inferred(count: int) -> None:
    inside = [
        {"type": "LinearBatchEnsemble", "output_size": 6},
        {"type": "ReLU"},
        {"type": "LinearEnsemble"},
    ]
    network = {"type": "Sequential", "modules": [{"type": "MemberEnsemble", "members": 7, "modules": inside}]}
    _, _, head = infer_sizes(network, rows(count), 3)["modules"][0]["modules"]
    assert head == {"type": "LinearEnsemble", "input_size": 6, "members": 7, "output_size": 3}


@pytest.mark.parametrize(
    ("members", "x", "what"),
    [
        (0, rows(2), "expected one input array and at least 1 member"),
        (2, [rows(2), rows(2)], "expected one input array"),
    ],
)
def test_sizes_that_cannot_be_inferred_are_named_with_their_path(members: int, x: Any, what: str) -> None:
    spec = {"type": "MemberEnsemble", "members": members, "modules": [{"type": "LinearEnsemble"}]}
    with pytest.raises(SpecError) as refused:
        infer_sizes({"type": "Sequential", "modules": [spec]}, x, 3)
    ((path, message),) = refused.value.problems
    assert path == ("modules", 0)
    assert what in message


def test_the_ensemble_is_the_end_of_its_network() -> None:
    ensemble = made()
    assert find_last_module(nn.Sequential([ensemble])) is ensemble
    assert find_end_class(nn.Sequential([ensemble]).spec(), -1) is type(ensemble)
    assert [made(average).output_form for average in ("probabilities", "values")] == ["logits", "values"]


def test_initial_weights_by_a_rule_keep_the_scales() -> None:
    layer = nn.LinearBatchEnsemble(50, 40, 3, "normal")
    scales = layer.input_scale.copy()
    initialize_weights(layer, "he")
    np.testing.assert_array_equal(layer.input_scale, scales)
    assert (layer.output_scale == 1).all()
    assert not layer.bias.any()
    assert layer.weight.std() == pytest.approx((2 / 50) ** 0.5, rel=0.1)


@pytest.mark.parametrize(
    ("build", "error", "what"),
    [
        (lambda: nn.MemberEnsemble([], 0), ArgumentError, "sizes of at least 1"),
        (lambda: nn.MemberEnsemble([], 2, "median"), ArgumentError, "average of 'probabilities' or 'values'"),
        (lambda: made().forward([rows(2)]), ShapeError, r"an input of shape \(N, \.\.\.\)"),
        (lambda: made(outputs=1).forward(rows(4)), ShapeError, "at least 2 classes"),
        (lambda: nn.MemberEnsemble([nn.Sum(0)], 2).forward(rows(6)), ShapeError, r"an output of shape \(2, 3"),
        (lambda: made().forward(rows(4)[:, :1]), ShapeError, r"an input of shape \(3, N, 2\)"),
    ],
)
def test_what_does_not_fit_is_refused(build: Any, error: type[Exception], what: str) -> None:
    with pytest.raises(error, match=what):
        build()
