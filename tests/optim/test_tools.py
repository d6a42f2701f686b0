"""Line search, interpolation, gradient check, confusion matrix, and names in ``optim``."""

import subprocess
import sys

import numpy as np
import pytest

from nntrain import optim
from nntrain.compute.array import Array
from nntrain.errors import ArgumentError, ShapeError, UnknownNameError
from tests.optim.golden import rosenbrock


def test_the_minimum_of_a_cubic_is_found_on_either_side() -> None:
    def cubic(x: float) -> tuple[float, float, float]:
        return x, x**3 - 3 * x, 3 * x**2 - 3

    for points in ([cubic(0), cubic(3)], [cubic(3), cubic(0)]):
        position, value = optim.polyinterp(np.array(points))
        assert position == pytest.approx(1)
        assert value == pytest.approx(-2)
    position, value = optim.polyinterp(np.array([cubic(0), cubic(2), cubic(3)]))
    assert position == pytest.approx(1)
    assert value == pytest.approx(-2)


def test_an_interpolation_stays_within_its_bounds() -> None:
    line = np.array([[0.0, 1.0, -1.0], [1.0, 0.0, -1.0]])
    assert optim.polyinterp(line, -1, 4) == pytest.approx((4, -3))
    assert optim.polyinterp(line) == pytest.approx((1, 0))
    assert optim.polyinterp(line, 2, 3) == pytest.approx((3, -2))
    hill = np.array([[-1.0, -1.0, 2.0], [1.0, -1.0, -2.0]])
    assert optim.polyinterp(hill, -3, 2)[0] == -3


def test_an_interpolation_without_a_minimum_takes_the_middle() -> None:
    rising = np.array([[0.0, 0.0, -1.0], [1.0, np.nan, np.nan]])
    assert optim.polyinterp(rising)[0] == 0.5
    assert optim.polyinterp(rising, 0.25, 4)[0] == 4
    with pytest.raises(ArgumentError, match=r"expected points \(n, 3\) of x, f, f', got shape \(3,\)"):
        optim.polyinterp(np.ones(3))


@pytest.mark.parametrize("t", [1e-4, 0.01, 1.0, 100.0])
@pytest.mark.parametrize("c2", [0.1, 0.9])
def test_a_line_search_ends_where_the_wolfe_conditions_hold(t: float, c2: float) -> None:
    start = np.array([-1.2, 1.0, -0.5, 0.8])
    f0, g0 = rosenbrock(start)
    d, x = -g0, start.copy()
    gtd = float(g0 @ d)
    f, g, moved, length, evaluations = optim.lswolfe(rosenbrock, x, t, d, f0, g0, gtd, {"c2": c2, "max_iter": 40})
    assert moved is x
    np.testing.assert_allclose(x, start + length * d, rtol=0, atol=1e-14)
    assert (f, g.tolist()) == (rosenbrock(x)[0], rosenbrock(x)[1].tolist())
    assert f <= f0 + 1e-4 * length * gtd
    assert abs(g @ d) <= -c2 * gtd
    assert evaluations <= 41


def test_a_line_search_turns_back_from_where_there_is_no_number() -> None:
    def barrier(x: Array) -> tuple[float, Array]:
        return (float("nan"), x * np.nan) if x[0] <= 0 else (float(x[0] - 0.1 * np.log(x[0])), 1 - 0.1 / x)

    x = np.array([1.0])
    f0, g0 = barrier(x)
    f, *_ = optim.lswolfe(barrier, x, 10.0, -g0, f0, g0, -float(g0 @ g0))
    assert f < f0
    assert x[0] > 0


def test_a_line_search_that_may_not_search_returns_the_better_of_two() -> None:
    x = np.array([-1.2, 1.0, -0.5, 0.8])
    f0, g0 = rosenbrock(x)
    f, _, _, t, evaluations = optim.lswolfe(rosenbrock, x, 1.0, -g0, f0, g0, -float(g0 @ g0), {"max_iter": 0})
    assert (f, t, evaluations) == (f0, 0.0, 1)


def test_lbfgs_takes_any_line_search() -> None:
    def halving(opfunc, x, t, d, f, g, gtd, options):  # type: ignore[no-untyped-def]
        start, evaluations = x.copy(), 0
        while True:
            x[...] = start + t * d
            f_new, g_new = opfunc(x)
            evaluations += 1
            if f_new < f or evaluations == options["most"]:
                return f_new, g_new, x, t, evaluations
            t /= 2

    x = np.array([-1.2, 1.0, -0.5, 0.8])
    config = {"line_search": halving, "line_search_options": {"most": 30}, "max_iter": 200, "max_eval": 1000}
    _, losses, evaluations = optim.lbfgs(rosenbrock, x, config)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 1e-8
    assert evaluations >= len(losses)


def test_a_right_gradient_is_inferred_from_a_wrong_one() -> None:
    x = np.array([-1.2, 1.0, -0.5])
    difference, gradient, estimate = optim.checkgrad(rosenbrock, x)
    assert difference < 1e-7
    assert x.tolist() == [-1.2, 1.0, -0.5]
    np.testing.assert_allclose(gradient, rosenbrock(x)[1])
    np.testing.assert_allclose(estimate, gradient, rtol=1e-6)
    assert optim.checkgrad(lambda x: (rosenbrock(x)[0], rosenbrock(x)[1] * 1.5), x)[0] == pytest.approx(0.2)
    assert optim.checkgrad(lambda x: (float(x.sum()), -np.ones(3)), x, 2**-10)[0] > 1e6
    assert optim.checkgrad(lambda x: (0.0, np.zeros(3)), x)[0] == 0
    single = np.array([-1.2, 1.0, -0.5], np.float32)
    difference, gradient, _ = optim.checkgrad(rosenbrock, single, 1e-2)
    assert difference < 1e-2
    assert gradient.dtype == np.float32


def test_a_confusion_matrix_counts_what_scikit_learn_counts() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    targets, predictions = rng.integers(5, size=(2, 200))
    matrix = optim.ConfusionMatrix(5)
    matrix.batch_add(predictions[:120], targets[:120])
    matrix.batch_add(np.eye(5)[predictions[120:]], np.eye(5)[targets[120:]])
    np.testing.assert_array_equal(matrix.mat, metrics.confusion_matrix(targets, predictions))
    matrix.update_valids()
    assert matrix.total_valid == pytest.approx(metrics.accuracy_score(targets, predictions))
    assert matrix.average_valid == pytest.approx(metrics.balanced_accuracy_score(targets, predictions))
    assert matrix.average_union_valid == pytest.approx(metrics.jaccard_score(targets, predictions, average="macro"))


def test_classes_without_samples_have_no_share() -> None:
    matrix = optim.ConfusionMatrix(["a", "b", "c"])
    assert "nan%" in str(matrix)
    matrix.add(0, 0)
    matrix.add([0.1, 0.7, 0.7], 0)
    matrix.add(2, -1)
    class_frrs, class_fars, frrs, fars = matrix.far_frr()
    assert (class_frrs.tolist(), frrs.tolist()) == ([0.5, -1, -1], [0.5])
    assert np.isnan(class_fars[0])
    assert np.isnan(fars).tolist() == [True]
    assert class_fars[1:].tolist() == [-1, -1]
    matrix.update_valids()
    assert matrix.valids[0] == matrix.average_valid == 0.5
    assert np.isnan(matrix.valids[1:]).all()
    matrix.zero()
    assert matrix.mat.sum() == matrix.total_valid == 0


def test_a_wide_count_widens_the_matrix() -> None:
    matrix = optim.ConfusionMatrix(1)
    matrix.batch_add(np.zeros((3, 1)), np.zeros(3))
    matrix.mat *= 10**8
    assert str(matrix).splitlines()[1] == "[[ 300000000]]  100.000% "


def test_what_a_confusion_matrix_cannot_count_is_refused_whole() -> None:
    matrix = optim.ConfusionMatrix(3)
    with pytest.raises(ArgumentError, match="expected a prediction from 0 to 2, got 3"):
        matrix.batch_add([0, 3], [0, 1])
    with pytest.raises(ArgumentError, match="expected a prediction from 0 to 2, got -1"):
        matrix.add(-1, 0)
    with pytest.raises(ArgumentError, match="expected a target from 0 to 2, got 7"):
        matrix.add(1, 7)
    with pytest.raises(ArgumentError, match="expected integers as predictions, got float64"):
        matrix.batch_add([0.5], [0])
    with pytest.raises(ShapeError, match="expected equally many predictions and targets, got 2 and 1"):
        matrix.batch_add([0, 1], [0])
    with pytest.raises(ShapeError, match=r"expected targets of shape \(N,\) or \(N, 3\), got \(1, 2\)"):
        matrix.batch_add([0], [[0, 1]])
    with pytest.raises(ArgumentError, match="expected 2 class names, got 1"):
        optim.ConfusionMatrix(2, ["a"])
    with pytest.raises(ArgumentError, match="expected at least one class, got 0"):
        optim.ConfusionMatrix([])
    assert matrix.mat.sum() == 0


def test_all_of_optim_is_found_and_the_nearest_is_reported() -> None:
    expected = {"SGD", "sgd", "CMAES", "cmaes", "ConfusionMatrix", "checkgrad", "fista", "lswolfe", "polyinterp"}
    assert expected <= set(dir(optim))
    for name in dir(optim):
        assert callable(getattr(optim, name)), "a file of that name hides it"
    assert optim.sgd.__name__ == "sgd"
    assert "(x, losses, ax)" in str(optim.asgd.__doc__)
    with pytest.raises(UnknownNameError, match="unknown optimizer 'sgdd'; did you mean 'sgd'"):
        _ = optim.sgdd
    assert not hasattr(optim, "_private")


def test_the_base_is_imported_alone() -> None:
    program = "import sys; from nntrain.optim import Optimizer; print([n for n in sys.modules if 'optim.alg' in n])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
