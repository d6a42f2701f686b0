"""The checks, and each formula in a known case."""

import numpy as np
import pytest
from nntrain_example.matthews import Matthews
from nntrain_example.plugin import nntrain_cases

from nntrain import nn
from nntrain.nn.testing import check_case
from nntrain.training import testing


@pytest.mark.parametrize("case", nntrain_cases(), ids=str)
def test_every_law_holds(case):
    check_case(case)


def test_gelu_is_between_0_and_the_identity():
    y = nn.TanhGELU().double().forward(np.array([-10.0, 0.0, 1.0, 10.0]))
    np.testing.assert_allclose(y, [0, 0, 0.841192, 10], atol=1e-6)


def test_without_gamma_it_is_the_cross_entropy():
    x = np.random.default_rng(1).normal(size=(6, 3))
    t = np.array([0, 1, 2, 2, 1, 0])
    ours, theirs = nn.FocalCriterion(0.0).double(), nn.CrossEntropyCriterion().double()
    assert ours.forward(x, t) == pytest.approx(theirs.forward(x, t))
    np.testing.assert_allclose(ours.backward(x, t), theirs.backward(x, t), atol=1e-12)


def test_a_closed_gate_is_the_identity():
    block = nn.GatedResidual([nn.Linear(3, 3)], gate=0.0).double()
    x = np.ones((2, 3))
    np.testing.assert_array_equal(block.forward(x), x)


def test_matthews_of_two_classes():
    metric = Matthews()
    metric.reset("classification", ["no", "yes"])
    metric.update(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0]))
    assert metric.compute() == pytest.approx(2 / np.sqrt(12))


def test_the_metric_obeys_the_laws():
    testing.check_case("matthews", "metric")
