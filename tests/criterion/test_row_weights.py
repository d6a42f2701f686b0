"""Sample weights: a row of weight 2 equals two copies of the row."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ShapeError
from nntrain.nn.criterion import Criterion
from nntrain.nn.testing import Case
from nntrain.nn.testing.pass_result import prepare_component
from tests.cases.collect import all_cases

TIMES = np.array([2, 0, 3, 1, 1, 4])


def weighable(case: Case) -> bool:
    batches = [np.ndim(value) and len(value) for value in (case.input, case.target) if not isinstance(value, list)]
    # CrossEntropyCriterion drops the batch axis of a batch of one row, so it cannot be repeated.
    together = len(batches) == 2 and batches[0] == batches[1] > 1
    return (
        case.kind == "criterion"
        and case.batch_axis == 0
        and together
        and getattr(nn, case.spec["type"]).has_row_weights
    )


CASES = [case for case in all_cases() if weighable(case)]


def test_all_losses_over_rows_are_among_the_cases() -> None:
    assert {case.spec["type"] for case in CASES} >= {
        *("MSECriterion", "AbsCriterion", "SmoothL1Criterion", "BCECriterion", "MultiLabelSoftMarginCriterion"),
        *("CrossEntropyCriterion", "ClassNLLCriterion", "SpatialClassNLLCriterion", "MultiMarginCriterion"),
        *("ClassSimplexCriterion", "SoftMarginCriterion", "MarginCriterion", "DistKLDivCriterion"),
    }


@pytest.mark.parametrize("size_average", [True, False])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_whole_weights_are_repetitions(case: Case, size_average: bool) -> None:
    criterion: Criterion = prepare_component(case)
    criterion.size_average = size_average  # type: ignore[attr-defined]
    x, t = np.asarray(case.input), np.asarray(case.target)
    times = np.resize(TIMES, len(x))
    rows = np.repeat(np.arange(len(x)), times)
    loss, dx = criterion.forward(x[rows], t[rows]), criterion.backward(x[rows], t[rows]).copy()
    mass = criterion.sum_weights(t[rows])

    criterion.set_row_weights(times.astype(np.float64))
    assert criterion.forward(x, t) == pytest.approx(loss, abs=1e-12, rel=1e-12)
    np.testing.assert_allclose(
        criterion.backward(x, t), [dx[rows == row].sum(axis=0) for row in range(len(x))], atol=1e-12
    )
    assert criterion.sum_weights(t) == pytest.approx(mass)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_equal_weights_change_no_mean(case: Case) -> None:
    criterion: Criterion = prepare_component(case)
    criterion.size_average = True  # type: ignore[attr-defined]
    loss, dx = criterion.forward(case.input, case.target), criterion.backward(case.input, case.target).copy()
    criterion.set_row_weights(np.full(len(case.input), 0.3))
    assert criterion.forward(case.input, case.target) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(criterion.backward(case.input, case.target), dx, atol=1e-12)
    criterion.set_row_weights(None)
    assert criterion.forward(case.input, case.target) == loss


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rows_that_all_count_nothing_have_no_loss_and_no_gradient(case: Case) -> None:
    criterion: Criterion = prepare_component(case)
    criterion.set_row_weights(np.zeros(len(case.input)))
    assert criterion.forward(case.input, case.target) == 0
    assert not criterion.backward(case.input, case.target).any()
    assert criterion.sum_weights(case.target) == 0


def test_single_precision_weights_are_as_good_as_the_loss() -> None:
    x, t = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32), np.arange(6) % 3
    for kind in ("CrossEntropyCriterion", "ClassNLLCriterion"):
        rows = np.repeat(np.arange(6), TIMES)
        repeated = getattr(nn, kind)().forward(x[rows], t[rows])
        weighed = getattr(nn, kind)()
        weighed.set_row_weights(TIMES.astype(np.float32))
        assert weighed.forward(x, t) == pytest.approx(repeated, abs=1e-6)
        assert weighed.backward(x, t).dtype == np.float32


def test_weights_of_other_rows_are_reported() -> None:
    criterion = nn.MSECriterion()
    criterion.set_row_weights(np.ones(3))
    with pytest.raises(ShapeError, match=r"expected 3 rows, the number of sample weights, got \(4, 2\)"):
        criterion.forward(np.zeros((4, 2)), np.zeros((4, 2)))


@pytest.mark.parametrize("kind", ["L1Cost", "CosineEmbeddingCriterion", "MultiLabelMarginCriterion"])
def test_a_loss_that_is_no_sum_over_rows_refuses(kind: str) -> None:
    with pytest.raises(ArgumentError, match=f"{kind}: does not support sample weights"):
        getattr(nn, kind)().set_row_weights(np.ones(3))
