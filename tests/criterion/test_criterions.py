"""Special cases of criterions, such as extreme numbers."""

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError

X = np.random.default_rng(1).normal(size=(4, 3))
T = np.array([0, 2, 1, 1])


def test_size_average_may_be_changed_later() -> None:
    criterion = nn.CrossEntropyCriterion()
    mean = criterion.forward(X, T)
    criterion.size_average = False
    assert criterion.forward(X, T) == pytest.approx(4 * mean)
    assert criterion.spec() == {"type": "CrossEntropyCriterion", "size_average": False}


@pytest.mark.parametrize("weights", [None, [0.5, 2, 1.5]])
@pytest.mark.parametrize("rows", [None, np.array([2.0, 0.5, 1, 3])])
@pytest.mark.parametrize("size_average", [True, False])
def test_label_smoothing_is_the_mean_over_classes(weights: Any, rows: Any, size_average: bool) -> None:
    criterion = nn.CrossEntropyCriterion(weights, size_average, label_smoothing=0.1)
    criterion.set_row_weights(rows)
    losses = np.log(np.exp(X).sum(1, keepdims=True)) - X
    w, r = np.ones(3) if weights is None else np.array(weights), np.ones(4) if rows is None else rows
    per_row = 0.9 * w[T] * losses[np.arange(4), T] + 0.1 * (losses * w).sum(1) / 3
    wanted = (r * per_row).sum() / ((r * w[T]).sum() if size_average else 1)
    assert criterion.forward(X, T) == pytest.approx(wanted, rel=1e-13)
    smoothed = 0.9 * np.eye(3)[T] * w[T][:, None] + 0.1 * w / 3
    gradient = r[:, None] * (smoothed.sum(1, keepdims=True) * np.exp(-losses) - smoothed)
    np.testing.assert_allclose(criterion.backward(X, T), gradient * (wanted / (r * per_row).sum()), atol=1e-14)


def test_label_smoothing_of_far_scores_is_exact() -> None:
    x = np.array([[1000, -1000]], np.float32).repeat(2, 0)
    loss, dx = nn.CrossEntropyCriterion(label_smoothing=0.1)(x, np.array([0, 1]))
    assert loss == pytest.approx(0.5 * (0.1 * 1000 + 0.95 * 2000), rel=1e-6)
    np.testing.assert_allclose(dx, [[0.025, -0.025], [0.475, -0.475]], rtol=1e-6)


def test_without_smoothing_the_loss_has_the_same_bits() -> None:
    for weights in (None, [0.5, 2, 1.5]):
        plain, zero = nn.CrossEntropyCriterion(weights), nn.CrossEntropyCriterion(weights, label_smoothing=0.0)
        assert plain.forward(X, T) == zero.forward(X, T)
        np.testing.assert_array_equal(plain.backward(X, T), zero.backward(X, T))


@pytest.mark.parametrize("label_smoothing", [-0.1, 1.5, np.nan])
def test_label_smoothing_is_a_share(label_smoothing: float) -> None:
    with pytest.raises(ArgumentError, match="expected a label_smoothing of 0 to 1, got"):
        nn.CrossEntropyCriterion(label_smoothing=label_smoothing)


def test_the_simplex_is_regular() -> None:
    S = nn.ClassSimplexCriterion(5).simplex
    np.testing.assert_allclose(S @ S.T, np.full((5, 5), -0.25) + 1.25 * np.eye(5), atol=1e-12)
    assert not S[:, -1].any()


def test_the_simplex_shows_the_nearest_class() -> None:
    criterion = nn.ClassSimplexCriterion(4)
    assert criterion.get_top_prediction(criterion.simplex * 0.3).tolist() == [0, 1, 2, 3]
    assert criterion.get_top_prediction(criterion.simplex[2]).tolist() == [2]
    assert criterion.get_predictions(criterion.simplex).shape == (4, 4)


def test_parameters_that_nobody_updates_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="are not trained; move it into the network"):
        criterion: Any = nn.ModuleCriterion(nn.MSECriterion(), nn.Linear(3, 2))
    criterion.double()
    loss, dx = criterion(X, X[:, :2])
    assert loss == criterion.output
    assert dx.shape == X.shape


def test_a_target_module_may_keep_its_type() -> None:
    criterion = nn.ModuleCriterion(nn.MSECriterion(), None, nn.Linear(3, 2), cast_target=False)
    criterion.double()
    assert criterion.target_module.weight.dtype == np.float32
    assert criterion.type() == "float64"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ["CrossEntropyCriterion", "SoftMarginCriterion", "MultiLabelSoftMarginCriterion"])
def test_far_scores_stay_finite(kind: str, dtype: Any) -> None:
    x = np.array([[1000, -1000], [-1000, 1000]], dtype)
    t = np.array([1, 1]) if kind == "CrossEntropyCriterion" else np.ones((2, 2))
    loss, dx = getattr(nn, kind)()(x, t)
    assert np.isfinite(loss)
    assert np.isfinite(dx).all()
    assert loss == (1000 if kind == "CrossEntropyCriterion" else 500)


@pytest.mark.parametrize("kind", ["ClassNLLCriterion", "CrossEntropyCriterion"])
def test_without_weight_there_is_no_loss(kind: str) -> None:
    loss, dx = getattr(nn, kind)(weights=[0, 0, 1])(X[:2], np.array([0, 1]))
    assert loss == 0
    assert not dx.any()


def test_weights_of_the_caller_may_change_afterwards() -> None:
    weights = np.array([1.0, 2, 3])
    for criterion in (nn.WeightedMSECriterion(weights), nn.CrossEntropyCriterion(weights)):
        weights[0] = 9
        assert criterion.weights.tolist() == [1, 2, 3]
        weights[0] = 1


def test_a_margin_may_be_changed_later() -> None:
    for kind in ("MarginCriterion", "HingeEmbeddingCriterion", "MarginRankingCriterion", "MultiMarginCriterion"):
        criterion = getattr(nn, kind)()
        criterion.margin = 0.5
        assert criterion.spec() == {"type": kind, "margin": 0.5}


def test_criterions_are_added_one_by_one() -> None:
    criterion = nn.MultiCriterion().add(nn.MSECriterion()).add(nn.AbsCriterion(), 0.5)
    assert criterion.forward(X, 0 * X) == pytest.approx((X**2).mean() + abs(X).mean() / 2)
    assert criterion.spec() == {
        "type": "MultiCriterion",
        "criterions": [{"type": "MSECriterion"}, {"type": "AbsCriterion"}],
        "weights": [1, 0.5],
    }
    assert [inner.type() for inner in criterion.double().criterions] == ["float64"] * 2


def test_inner_criterions_keep_their_own_gradients() -> None:
    inner = nn.MSECriterion()
    nn.MultiCriterion([inner], [3])(X, 0 * X)
    np.testing.assert_allclose(inner.grad_input, 2 * X / X.size)


def test_clear_state_reaches_what_is_inside() -> None:
    inner = nn.MSECriterion()
    for criterion in (nn.MultiCriterion([inner]), nn.ModuleCriterion(inner, nn.Tanh(), nn.Tanh())):
        criterion(X, X)
        criterion.clear_state()
        assert inner.grad_input.size == criterion.grad_input.size == 0


@pytest.mark.parametrize("classes", [5, 100])
def test_cross_entropy_is_log_soft_max_and_class_nll(classes: int) -> None:
    x = np.random.default_rng(2).normal(size=(7, classes)) * 30
    t = np.arange(7) % classes
    weights = np.linspace(0.1, 2, classes)
    log_soft_max, nll = nn.LogSoftMax(), nn.ClassNLLCriterion(weights)
    loss, dy = nll(log_soft_max.forward(x), t)
    ours, dx = nn.CrossEntropyCriterion(weights)(x, t)
    assert ours == pytest.approx(loss)
    np.testing.assert_allclose(dx, log_soft_max.backward(x, dy), atol=1e-14)


def test_distances_far_apart_stay_exact() -> None:
    far = [np.array([1000, -1000], np.float32), np.array([-1000, 1000], np.float32)]
    loss, dx = nn.DistanceRatioCriterion(size_average=False)(far)
    assert loss == 2000
    assert [part.tolist() for part in dx] == [[1, 0], [-1, 0]]


def test_probabilities_of_zero_and_one_stay_finite() -> None:
    x, t = np.array([0, 1, 0, 1], np.float32), np.array([0, 1, 1, 0])
    loss, dx = nn.BCECriterion(size_average=False)(x, t)
    assert loss == pytest.approx(-2 * np.log(1e-12), rel=1e-6)
    np.testing.assert_allclose(dx, [0, 0, -1e12, 1e12], rtol=1e-6)


@pytest.mark.parametrize("make", [nn.CrossEntropyCriterion, nn.ClassNLLCriterion, nn.MultiMarginCriterion])
def test_one_criterion_may_be_in_two_places(make: Any) -> None:
    x = [np.random.default_rng(seed).normal(size=(4, 3)) for seed in (2, 3)]
    t = [T, T[::-1].copy()]
    one = make()
    shared = nn.ParallelCriterion(criterions=[one, one])
    nested = nn.ParallelCriterion(criterions=[one, nn.MultiCriterion([one])])
    apart = [make(), make()]
    loss = sum(criterion.forward(*pair) for criterion, pair in zip(apart, zip(x, t, strict=True), strict=True))
    expected = [criterion.backward(*pair) for criterion, pair in zip(apart, zip(x, t, strict=True), strict=True)]
    for criterion in (shared, nested):
        assert criterion.forward(x, t) == pytest.approx(loss)
        for found, dx in zip(criterion.backward(x, t), expected, strict=True):
            np.testing.assert_allclose(found, dx)
