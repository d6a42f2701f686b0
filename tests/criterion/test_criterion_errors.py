"""Errors of criterions."""

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
def test_another_number_of_labels_is_reported(kind: str) -> None:
    with pytest.raises(ShapeError, match=r"expected 4 labels, one for each row, got \(3,\)"):
        getattr(nn, kind)().forward(X, T[:3])


@pytest.mark.parametrize("kind", ["ClassNLLCriterion", "CrossEntropyCriterion", "MultiMarginCriterion"])
def test_weights_of_other_classes_are_reported(kind: str) -> None:
    with pytest.raises(ShapeError, match="expected scores of 2 classes"):
        getattr(nn, kind)(weights=[1, 2]).forward(X, T)


@pytest.mark.parametrize(
    "kind", ["MSECriterion", "AbsCriterion", "SmoothL1Criterion", "MarginCriterion", "BCECriterion"]
)
def test_another_number_of_elements_is_reported(kind: str) -> None:
    with pytest.raises(ShapeError, match=r"expected a target of 12 elements for an input of shape .* got \(3,\)"):
        getattr(nn, kind)().forward(abs(X) / 9, X[0])


def test_invalid_probability_is_reported() -> None:
    with pytest.raises(ShapeError, match=r"expected probabilities in \[0, 1\], got .* end the network with Sigmoid"):
        nn.BCECriterion().forward(X, abs(X))
    with pytest.raises(ShapeError, match="expected probabilities"):
        nn.BCECriterion().forward(np.array([np.nan]), np.ones(1))


def test_places_need_four_axes() -> None:
    with pytest.raises(ShapeError, match=r"scores of shape \(N, C, H, W\)"):
        nn.SpatialClassNLLCriterion().forward(X, T)


def test_a_target_smaller_than_the_input_is_reported() -> None:
    with pytest.raises(ShapeError, match="at least as large"):
        nn.SpatialAutoCropMSECriterion().forward(np.zeros((1, 4, 4)), np.zeros((1, 3, 5)))


def test_arguments_out_of_range_are_reported() -> None:
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


def test_too_few_inputs_are_reported() -> None:
    with pytest.raises(ShapeError, match="expected a list of 2 inputs"):
        nn.ParallelCriterion(criterions=[nn.MSECriterion(), nn.MSECriterion()]).forward([X], [X])
    with pytest.raises(ShapeError, match="expected a list of 1 targets"):
        nn.ParallelCriterion(criterions=[nn.MSECriterion()]).forward([X], X)


def test_a_label_list_outside_is_named_with_its_row() -> None:
    with pytest.raises(ShapeError, match=r"expected labels of 0\.\.2, got 7 in row 1"):
        nn.MultiLabelMarginCriterion().forward(X[:2], np.array([[0, -1, 9], [1, 7, -1]]))


@pytest.mark.parametrize("kind", ["ClassNLLCriterion", "CrossEntropyCriterion", "MultiMarginCriterion"])
def test_labels_of_any_number_type_are_taken(kind: str) -> None:
    criterion = getattr(nn, kind)()
    loss = criterion.forward(X, T)
    for t in (T.astype(np.uint8), T.astype(np.float32), T.tolist(), T.reshape(4, 1), T.astype(np.int64)[::-1][::-1]):
        assert criterion.forward(X, t) == loss
    with pytest.raises(ShapeError, match="got nan in row 1"):
        criterion.forward(X, np.array([0, np.nan, 1, 1]))
    with pytest.raises(ShapeError, match="expected 4 labels, one for each row, got NoneType None"):
        criterion.forward(X, None)


def test_a_label_of_an_image_is_named_with_its_place() -> None:
    t = np.zeros((2, 2, 3), int)
    t[1, 0, 2] = 5
    with pytest.raises(ShapeError, match=r"expected labels of 0\.\.3, got 5 in row 1 at \(0, 2\)"):
        nn.SpatialClassNLLCriterion().forward(np.zeros((2, 4, 2, 3)), t)


def test_weights_that_are_none_are_reported() -> None:
    for weights in ([1, -1], [[1, 2]], [1, np.nan]):
        with pytest.raises(ArgumentError, match=r"expected nonnegative weights of shape \(C,\)"):
            nn.BCECriterion(weights=weights)


def test_weights_that_do_not_fit_are_reported() -> None:
    with pytest.raises(ShapeError, match=r"expected an input of shape \(2,\) or \(N, 2\), as the weights"):
        nn.MultiLabelSoftMarginCriterion(weights=[1, 2]).forward(X, X)
    with pytest.raises(ShapeError, match=r"expected an input of the weights' shape \(2,\), or a batch of those"):
        nn.WeightedMSECriterion([1, 2]).forward(X, X)


@pytest.mark.parametrize("kind", ["HingeEmbeddingCriterion", "MarginRankingCriterion", "CosineEmbeddingCriterion"])
def test_a_target_that_is_neither_yes_nor_no_is_reported(kind: str) -> None:
    x = X[:, 0] if kind == "HingeEmbeddingCriterion" else [X, X] if kind.startswith("Cosine") else [X[:, 0]] * 2
    with pytest.raises(ShapeError, match="expected targets of 1 or -1, got 0"):
        getattr(nn, kind)().forward(x, np.array([1, -1, 0, 1]))


def test_an_error_inside_names_the_way_there() -> None:
    criterion = nn.ParallelCriterion().add(nn.MSECriterion()).add(nn.ClassNLLCriterion())
    with pytest.raises(ShapeError, match=r"got 7 in row 0\n  in ParallelCriterion\[1\] > ClassNLLCriterion"):
        criterion.forward([X, X], [X, np.array([7, 0, 0, 0])])


def test_a_number_cannot_stand_for_many_targets() -> None:
    with pytest.raises(ShapeError, match="expected 4 targets of 1 or -1, got int 1"):
        nn.CosineEmbeddingCriterion().forward([X, X], 1)
    assert nn.MarginRankingCriterion().forward([np.array([[0.4]]), np.array([[0.1]])], 1) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("criterion", "x", "t"),
    [
        (nn.ClassNLLCriterion(), np.zeros((2, 3)), [0, 1.5]),
        (nn.CrossEntropyCriterion(), np.zeros((2, 3)), [0, 1.5]),
        (nn.MultiMarginCriterion(), np.zeros((2, 3)), [0, 1.5]),
        (nn.ClassSimplexCriterion(3), np.zeros((2, 3)), [0, 1.5]),
        (nn.MultiLabelMarginCriterion(), np.zeros((2, 3)), [[0, -1, 0], [1.5, -1, 0]]),
        (nn.SpatialClassNLLCriterion(), np.zeros((2, 3, 1, 1)), [[[0]], [[1.5]]]),
        (nn.CrossEntropyCriterion(), np.zeros(3), 1.5),
        (nn.CrossEntropyCriterion(), np.zeros((2, 3)), [0, np.nan]),
        (nn.CrossEntropyCriterion(), np.zeros((2, 3)), [0, np.inf]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Criterion) else "",
)
def test_a_label_that_is_not_whole_is_named(criterion: Any, x: Any, t: Any) -> None:
    with pytest.raises(ShapeError, match=r"expected labels of 0\.\.2, got (1\.5|nan|inf) in row"):
        criterion.forward(x, np.array(t))
