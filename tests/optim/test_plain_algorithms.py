"""The optimizers with further options against reference implementations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nntrain import optim
from nntrain.compute.array import Array
from nntrain.compute.denormals import flush_denormals
from tests.optim import plain_algorithms as plain
from tests.optim import plain_lbfgs
from tests.optim.golden import least_squares, rosenbrock

Function = Callable[[Array], tuple[float, Array]]

# Precision of the fractions of a confusion matrix.
TWO_THIRDS, ONE_THIRD = float(np.float32(2 / 3)), float(np.float32(1 / 3))

A = np.random.default_rng(4).normal(size=(3, 3)) + 2 * np.eye(3)


def bowl(x: Array) -> tuple[float, Array]:
    """‖A x − 1‖² / 2."""
    residual = A @ x - 1
    return float(residual @ residual) / 2, A.T @ residual


STARTS: dict[str, tuple[Function, list[float]]] = {
    "valley": (rosenbrock, [-1.2, 1.0]),
    "long valley": (rosenbrock, [0.3, -0.7, 1.1]),
    "bowl": (bowl, [2.0, -1.0, 0.5]),
    "least squares": (least_squares, [0.0] * 4),
}


def reused(function: Function) -> Function:
    """Wrap a function to reuse the memory of its gradient, like a network."""
    memory: list[Array] = []

    def called(x: Array) -> tuple[float, Array]:
        f, g = function(x)
        memory[:] = memory or [np.empty_like(g)]
        memory[0][...] = g
        return f, memory[0]

    return called


each_start = pytest.mark.parametrize("start", STARTS)


def each(*options: dict[str, Any]) -> Any:
    return pytest.mark.parametrize("options", options, ids=str)


@each_start
@each(
    {},
    *({"max_iter": n} for n in (1, 2, 3, 4, 5, 7, 40)),
    *({"max_iter": n, "max_eval": most} for n in (1, 2, 3, 4) for most in (10, 21.5, 60)),
    *({"max_eval": 30, name: value} for name, value in (("rho", 0.1), ("sig", 0.1), ("sig", 0.9), ("int", 0.3))),
    *({"max_eval": 30, name: value} for name, value in (("ext", 1.5), ("ext", 10), ("ratio", 2), ("ratio", 1000))),
    {"max_eval": 30, "rho": 0.2, "sig": 0.25, "int": 0.2, "ext": 2, "ratio": 5},
    {"max_iter": 3, "max_eval": 40, "rho": 0.2, "sig": 0.25, "int": 0.4, "ext": 2, "ratio": 5},
)
def test_cg(start: str, options: dict[str, Any]) -> None:
    function, x = STARTS[start]
    wanted, losses, evaluations = plain.cg(function, x, **{"int_" if k == "int" else k: v for k, v in options.items()})
    w = np.array(x)
    _, got, counted = optim.cg(reused(function), w, dict(options))
    assert (len(got), counted) == (len(losses), evaluations)
    np.testing.assert_allclose(got, losses, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(w, wanted, rtol=1e-5, atol=1e-7)


@each_start
@each(
    {},
    {"niter": 2},
    {"niter": 5},
    {"niter": 7, "stepsize": 1.0},
    {"niter": 3, "etaplus": 1.5, "etaminus": 0.3},
    {"niter": 40, "stepsizemax": 0.2},
    {"niter": 10, "stepsize": 5.0, "stepsizemax": 0.5},
    {"niter": 10, "stepsize": 1e-9, "stepsizemin": 1e-3},
)
@pytest.mark.parametrize("apart", [True, False])
def test_rprop(start: str, options: dict[str, Any], apart: bool) -> None:
    function, x = STARTS[start]
    rest = {name: value for name, value in options.items() if name != "niter"}
    wanted, losses, delta, sizes = plain.rprop(function, x, 3 * options.get("niter", 1), **rest)
    w, config, got = np.array(x), dict(options), []
    state: dict[str, Any] | None = {} if apart else None
    for _ in range(3):
        got += optim.rprop(reused(function), w, config, state)[1]
    kept = config if state is None else state
    np.testing.assert_allclose(w, wanted, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(got, losses, rtol=1e-12)
    np.testing.assert_allclose(kept["delta"], delta, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(kept["stepsize"], sizes, rtol=1e-12)


@each_start
@each(
    {},
    *({"max_line": n} for n in (1, 2, 5)),
    {"max_line": 1, "L_step": 3},
    {"L": 5, "L_step": 2, "max_iter": 7},
    {"err_thres": 1e-9, "max_iter": 200},
)
@pytest.mark.parametrize("l1", [0.0, 0.1, 1.0, 5.0, 100.0])
@pytest.mark.parametrize("momentum", [True, False])
def test_fista(start: str, options: dict[str, Any], l1: float, momentum: bool) -> None:
    function, x = STARTS[start]
    options = {**options, "do_fista_update": momentum}
    wanted, history = plain.fista(function, x, l1, **options)

    def shrink(z: Array, L: float) -> None:
        z[...] = np.sign(z) * np.maximum(np.abs(z) - l1 / L, 0)

    w, params = np.array(x), dict(options)
    _, entries = optim.fista(reused(function), lambda z: l1 * float(np.abs(z).sum()), shrink, w, params)
    got = [[line[name] for name in ("nline", "L", "F", "Fply", "Gply", "Q")] for line in entries]
    assert len(got) == len(history)
    np.testing.assert_allclose(got, history, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(w, wanted, rtol=1e-7, atol=1e-9)
    assert params["L"] == pytest.approx(history[-1][1])
    again = np.array(x)
    optim.FISTA(l1=l1, **options).advance(reused(function), again)
    np.testing.assert_allclose(again, wanted, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("start", ["valley", "bowl", "least squares"])
@each({}, {"max_iter": 2, "calls": 4}, {"max_iter": 5, "max_eval": 30, "calls": 2}, {"n_correction": 2})
@pytest.mark.parametrize(
    "search",
    [
        {},
        {"c1": 0.1},
        {"c2": 0.1},
        {"c1": 1e-3, "c2": 0.01},
        {"max_iter": 1},
        {"max_iter": 2},
        {"max_iter": 3},
        {"tol_x": 1e-2},
        {"max_iter": 4, "c2": 0.05},
    ],
    ids=str,
)
def test_lbfgs_with_a_line_search(start: str, options: dict[str, Any], search: dict[str, Any]) -> None:
    function, x = STARTS[start]
    wanted, losses, evaluations = plain_lbfgs.lbfgs(
        function, x, optim.polyinterp, line_search_options=search, **options
    )
    config = {name: value for name, value in options.items() if name != "calls"}
    config |= {"line_search": "lswolfe", "line_search_options": search}
    w, state, got, counted = np.array(x), {}, [], []
    for _ in range(options.get("calls", 1)):
        _, step_losses, count = optim.lbfgs(reused(function), w, config, state)
        got += step_losses
        counted.append(count)
    # At convergence, the last bit determines the last step.
    assert abs(len(got) - len(losses)) <= 1
    assert counted[0] == pytest.approx(evaluations[0], abs=2)
    both = min(len(got), len(losses))
    np.testing.assert_allclose(got[:both], losses[:both], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(w, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("width", [1.0, 1e-2, 1e-4, 1e-5])
def test_a_cubic_through_close_points_is_that_cubic(width: float) -> None:
    # f = (s − 3)² (s + 1) with s = x / width, whose minimum is at s = 3
    points = [[width * s, (s - 3) ** 2 * (s + 1), (s - 3) * (3 * s - 1) / width] for s in (0.0, 1.0)]
    position, value = optim.polyinterp(np.array(points), 1.01 * width, 10 * width)
    assert position == pytest.approx(3 * width, rel=1e-6)
    assert value == pytest.approx(0, abs=1e-6)


def test_a_confusion_matrix_with_a_class_that_has_no_samples() -> None:
    matrix = optim.ConfusionMatrix(["cat", "dog", "owl"])
    matrix.batch_add([0, 0, 1, 2, 1], [0, 0, 0, 1, 1])
    # rows [2 1 0], [0 1 1], [0 0 0]: 2/3 and 1/2 of the rows; 2/3 and 1/3 of rows and columns together
    assert str(matrix).splitlines() == [
        "ConfusionMatrix:",
        "[[       2       1       0]   66.667% \t[class: cat]",
        " [       0       1       1]   50.000% \t[class: dog]",
        " [       0       0       0]]  nan% \t[class: owl]",
        f" + average row correct: {100 * (TWO_THIRDS + 0.5) / 2:.14g}% ",
        f" + average rowUcol correct (VOC measure): {100 * (TWO_THIRDS + ONE_THIRD) / 2:.14g}% ",
        " + global correct: 60%",
    ]
    assert matrix.average_union_valid == pytest.approx((2 / 3 + 1 / 3) / 2)
    assert matrix.average_valid == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert np.isnan(matrix.valids[2])
    assert matrix.unionvalids[2] == 0


def test_a_confusion_matrix_of_nothing_prints() -> None:
    assert str(optim.ConfusionMatrix(np.int64(2))).endswith(" + global correct: nan%")


def test_adamax_does_not_move_a_parameter_without_gradient() -> None:
    # Its default epsilon is denormal in float32; training flushes such numbers to 0, and 0 / 0 is NaN.
    w, optimizer = np.ones(2, np.float32), optim.Adamax()
    with flush_denormals():
        for _ in range(3):
            optimizer.step(w, np.array([0, 1], np.float32))
    assert w[0] == 1
    assert 0 < w[1] < 1
