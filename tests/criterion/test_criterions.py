"""What criterions refuse, and what they do beside computing."""

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ShapeError

X = np.random.default_rng(1).normal(size=(4, 3))
T = np.array([0, 2, 1, 1])


@pytest.mark.parametrize("kind", ["ClassNLLCriterion", "CrossEntropyCriterion", "MultiMarginCriterion"])
def test_a_label_outside_is_named_with_its_row(kind: str) -> None:
    with pytest.raises(ShapeError, match=rf"expected labels of 0\.\.2, got 3 in row 2\n  in {kind}"):
        getattr(nn, kind)().forward(X, np.array([0, 1, 3, -1]))


@pytest.mark.parametrize("kind", ["ClassNLLCriterion", "CrossEntropyCriterion", "MultiMarginCriterion"])
def test_another_number_of_labels_is_told(kind: str) -> None:
    with pytest.raises(ShapeError, match=r"expected 4 labels, one for each row, got \(3,\)"):
        getattr(nn, kind)().forward(X, T[:3])


@pytest.mark.parametrize("kind", ["ClassNLLCriterion", "CrossEntropyCriterion", "MultiMarginCriterion"])
def test_weights_of_other_classes_are_told(kind: str) -> None:
    with pytest.raises(ShapeError, match="expected scores of 2 classes"):
        getattr(nn, kind)(weights=[1, 2]).forward(X, T)


@pytest.mark.parametrize(
    "kind", ["MSECriterion", "AbsCriterion", "SmoothL1Criterion", "MarginCriterion", "BCECriterion"]
)
def test_another_number_of_elements_is_told(kind: str) -> None:
    with pytest.raises(ShapeError, match=r"expected a target of 12 elements, as many as the input .* got \(3,\)"):
        getattr(nn, kind)().forward(abs(X) / 9, X[0])


def test_what_is_no_probability_is_told() -> None:
    with pytest.raises(ShapeError, match=r"expected probabilities in \[0, 1\], got .* end in a Sigmoid"):
        nn.BCECriterion().forward(X, abs(X))
    with pytest.raises(ShapeError, match="expected probabilities"):
        nn.BCECriterion().forward(np.array([np.nan]), np.ones(1))


def test_places_need_four_axes() -> None:
    with pytest.raises(ShapeError, match=r"scores of shape \(N, C, H, W\)"):
        nn.SpatialClassNLLCriterion().forward(X, T)


def test_a_target_smaller_than_the_input_is_told() -> None:
    with pytest.raises(ShapeError, match="at least as large"):
        nn.SpatialAutoCropMSECriterion().forward(np.zeros((1, 4, 4)), np.zeros((1, 3, 5)))


def test_arguments_out_of_range_are_told() -> None:
    with pytest.raises(ArgumentError, match="expected p to be 1 or 2, got 3"):
        nn.MultiMarginCriterion(p=3)
    with pytest.raises(ArgumentError, match="expected at least 2 classes, got 1"):
        nn.ClassSimplexCriterion(1)
    with pytest.raises(ArgumentError, match="expected 1 weights, one for each criterion, got 2"):
        nn.MultiCriterion([nn.MSECriterion()], [1, 2])
    with pytest.raises(ArgumentError, match="expected a criterion, got 3"):
        nn.ParallelCriterion().add(3)


def test_pairs_must_be_alike() -> None:
    for kind, t in (("CosineEmbeddingCriterion", T), ("MarginRankingCriterion", T), ("DistanceRatioCriterion", None)):
        with pytest.raises(ShapeError, match="two arrays of one shape"):
            getattr(nn, kind)().forward([X, X[:2]], t)
    with pytest.raises(ShapeError, match="expected 12 targets of 1 or -1"):
        nn.MarginRankingCriterion().forward([X, X], 1)


def test_too_few_inputs_are_told() -> None:
    with pytest.raises(ShapeError, match="expected a table of 2 inputs"):
        nn.ParallelCriterion(criterions=[nn.MSECriterion(), nn.MSECriterion()]).forward([X], [X])
    with pytest.raises(ShapeError, match="expected a table of 1 targets"):
        nn.ParallelCriterion(criterions=[nn.MSECriterion()]).forward([X], X)


def test_a_label_list_outside_is_named_with_its_row() -> None:
    with pytest.raises(ShapeError, match=r"expected labels of 0\.\.2, got 7 in row 1"):
        nn.MultiLabelMarginCriterion().forward(X[:2], np.array([[0, -1, 9], [1, 7, -1]]))


def test_size_average_may_be_changed_later() -> None:
    criterion = nn.CrossEntropyCriterion()
    mean = criterion.forward(X, T)
    criterion.size_average = False
    assert criterion.forward(X, T) == pytest.approx(4 * mean)
    assert criterion.spec() == {"type": "CrossEntropyCriterion", "size_average": False}


def test_the_simplex_is_regular() -> None:
    S = nn.ClassSimplexCriterion(5).simplex
    np.testing.assert_allclose(S @ S.T, np.full((5, 5), -0.25) + 1.25 * np.eye(5), atol=1e-12)
    assert not S[:, -1].any()


def test_the_simplex_tells_the_nearest_class() -> None:
    criterion = nn.ClassSimplexCriterion(4)
    assert criterion.get_top_prediction(criterion.simplex * 0.3).tolist() == [0, 1, 2, 3]
    assert criterion.get_top_prediction(criterion.simplex[2]).tolist() == [2]
    assert criterion.get_predictions(criterion.simplex).shape == (4, 4)


def test_parameters_that_nobody_updates_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="updated by nobody"):
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
