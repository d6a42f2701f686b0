"""The optimizers against sources other than Torch, and their errors."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nntrain import optim
from nntrain.compute.array import Array
from nntrain.errors import ArgumentError
from nntrain.nn.building.factory import find_option_problems, to_spec
from nntrain.optim import Optimizer
from tests.optim.golden import rosenbrock

REFUSED: dict[str, tuple[Callable[[], Optimizer], str]] = {
    "a negative rate": (lambda: optim.SGD(-1), "SGD: expected a learning_rate of at least 0, got -1"),
    "a rate that is no number": (lambda: optim.Adam(float("nan")), "Adam: expected a learning_rate of at least 0"),
    "a growing rate": (lambda: optim.Adagrad(0.1, -1), "Adagrad: expected a learning_rate_decay of at least 0"),
    "a negative momentum": (lambda: optim.SGD(momentum=-1), "SGD: expected a momentum of at least 0, got -1"),
    "nesterov alone": (lambda: optim.SGD(nesterov=True), "nesterov needs momentum > 0 and dampening = 0"),
    "nesterov with dampening": (lambda: optim.SGD(momentum=0.9, nesterov=True), "nesterov needs momentum > 0"),
    "rates in a table": (lambda: optim.SGD(learning_rates=np.ones((2, 2))), r"list of numbers, got shape \(2, 2\)"),
    "rates in words": (lambda: optim.NAG(learning_rates=["a"]), "NAG: expected learning_rates to be a list of numbers"),
    "no momentum": (lambda: optim.NAG(momentum=0), "NAG: expected a momentum above 0, got 0"),
    "a beta of 1": (lambda: optim.AdamW(beta2=1), r"AdamW: expected betas in \[0, 1\), got 0.9 and 1"),
    "another beta of 1": (lambda: optim.Adamax(beta1=1), r"Adamax: expected betas in \[0, 1\), got 1 and 0.999"),
    "adamax without epsilon": (lambda: optim.Adamax(epsilon=0), "Adamax: expected an epsilon above 0, got 0"),
    "rmsprop without epsilon": (lambda: optim.RMSprop(epsilon=0), "RMSprop: expected an epsilon above 0, got 0"),
    "an alpha of 1": (lambda: optim.RMSprop(alpha=1), r"expected alpha in \[0, 1\), got 1"),
    "a negative mean": (lambda: optim.RMSprop(initial_mean=-1), "expected an initial_mean of at least 0, got -1"),
    "a rho of 1": (lambda: optim.Adadelta(rho=1), r"expected rho in \[0, 1\), got 1"),
    "adadelta without eps": (lambda: optim.Adadelta(eps=0), "expected an eps above 0, got 0"),
    "etas in the wrong order": (lambda: optim.Rprop(etaplus=0.5), "expected etaminus < 1 < etaplus, got 0.5 and 0.5"),
    "steps out of order": (lambda: optim.Rprop(stepsizemin=99), "0 < stepsizemin <= stepsizemax, got 99 and 50.0"),
    "no step": (lambda: optim.Rprop(stepsize=0), "expected a stepsize above 0, got 0"),
    "no steps": (lambda: optim.Rprop(niter=0), "expected a niter of at least 1, got 0"),
    "a negative eta0": (lambda: optim.ASGD(eta0=-1), "expected an eta0 of at least 0, got -1"),
    "a negative lambda": (lambda: optim.ASGD(lambda_=-1), "expected a lambda of at least 0, got -1"),
    "no iterations of cg": (lambda: optim.CG(max_iter=0), "CG: expected a max_iter of at least 1, got 0"),
    "rho above sig": (lambda: optim.CG(rho=0.6), "expected 0 < rho < sig < 1, got rho 0.6 and sig 0.5"),
    "an int of a half": (lambda: optim.CG(int_=0.5), "expected an int between 0 and 0.5, got 0.5"),
    "an ext of 1": (lambda: optim.CG(ext=1), "expected an ext above 1, got 1"),
    "no iterations of lbfgs": (lambda: optim.LBFGS(max_iter=0), "LBFGS: expected a max_iter of at least 1, got 0"),
    "no corrections": (lambda: optim.LBFGS(n_correction=0), "expected an n_correction of at least 1, got 0"),
    "a negative tol_fun": (lambda: optim.LBFGS(tol_fun=-1), "expected a tol_fun of at least 0, got -1"),
    "a negative rate of lbfgs": (
        lambda: optim.LBFGS(learning_rate=-1),
        "LBFGS: expected a learning_rate of at least 0",
    ),
    "an unknown search": (lambda: optim.LBFGS(line_search="wolfe"), "expected the line_search 'lswolfe', got 'wolfe'"),
    "an unknown option of the search": (
        lambda: optim.LBFGS(line_search="lswolfe", line_search_options={"tolx": 1}),
        "lswolfe has no option 'tolx'; did you mean 'tol_x'",
    ),
    "an option of the search in words": (
        lambda: optim.LBFGS(line_search="lswolfe", line_search_options={"c1": "small"}),
        "lswolfe: expected c1 to be a number, got 'small'",
    ),
    "a negative l1": (lambda: optim.FISTA(l1=-1), "expected an l1 of at least 0, got -1"),
    "an L of 0": (lambda: optim.FISTA(L=0), "expected an L above 0, got 0"),
    "an L_step of 1": (lambda: optim.FISTA(L_step=1), "expected an L_step above 1, got 1"),
    "no iterations of fista": (lambda: optim.FISTA(max_iter=0), "FISTA: expected a max_iter of at least 1, got 0"),
    "no lines": (lambda: optim.FISTA(max_line=0), "expected a max_line of at least 1, got 0"),
    "no sigma": (lambda: optim.CMAES(0), "expected a sigma above 0, got 0"),
    "a negative seed": (lambda: optim.CMAES(1, seed=-1), "CMAES: expected a seed of at least 0, got -1"),
    "a popsize of 1": (lambda: optim.CMAES(1, popsize=1), "expected a popsize of at least 2, got 1"),
    "no scale": (lambda: optim.DE(0, 0.5, 100), "expected a scale_factor above 0, got 0"),
    "a rate of 2": (lambda: optim.DE(0.5, 2, 100), r"expected a crossover_rate in \[0, 1\], got 2"),
    "a popsize of 2": (lambda: optim.DE(0.5, 0.5, 100, popsize=2), "expected a popsize of at least 3, got 2"),
    "an empty region": (lambda: optim.DE(0.5, 0.5, 100, min_region=30), "min_region < max_region, got 30 and 30.0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_option_out_of_range_is_refused(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(ArgumentError, match=message):
        make()


def test_vectors_of_another_length_are_refused() -> None:
    for name in ("learning_rates", "weight_decays"):
        with pytest.raises(ArgumentError, match=f"SGD: expected 3 {name}, one per parameter, got 2"):
            optim.SGD(**{name: [1, 2]}).step(np.ones(3), np.ones(3))


def test_an_optimizer_of_functions_says_so() -> None:
    with pytest.raises(NotImplementedError, match=r"LBFGS needs the objective; call advance\(opfunc, w\)"):
        optim.LBFGS().step(np.ones(3), np.ones(3))


def test_names_come_in_either_case_and_the_nearest_is_reported() -> None:
    assert find_option_problems({"type": "Adam"}, "optimizer") == []
    assert find_option_problems({"type": "adm"}, "optimizer") == [
        (("type",), "unknown optimizer 'adm'; did you mean 'adam'?")
    ]
    assert find_option_problems({"type": "sgd", "momentun": 1}, "optimizer") == [
        (("momentun",), "SGD has no argument 'momentun'; did you mean 'momentum'?")
    ]
    assert (
        find_option_problems({"type": "sgd", "nesterov": True}, "optimizer")[0][1]
        == "SGD: nesterov needs momentum > 0 and dampening = 0"
    )
    assert find_option_problems({"type": "asgd", "lambda_": 1}, "optimizer") == [
        (("lambda_",), "ASGD has no argument 'lambda_'; did you mean 'lambda'?")
    ]
    assert find_option_problems({"type": "asgd", "lambda": "x", "eta": 1}, "optimizer") == [
        (("eta",), "ASGD has no argument 'eta'; did you mean 'eta0'?"),
        (("lambda",), "expected a number, got 'x'"),
    ]
    assert find_option_problems({"type": "lbfgs", "line_search": "wolfe", "line_search_options": 1}, "optimizer") == [
        (("line_search",), "expected one of 'lswolfe' or a function, got 'wolfe'"),
        (("line_search_options",), "expected a table, got 1"),
    ]


def test_a_spec_says_the_defaults_too() -> None:
    assert to_spec(optim.Adam(0.5)) == {
        "type": "adam",
        "learning_rate": 0.5,
        "learning_rate_decay": 0.0,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "weight_decay": 0.0,
    }
    assert to_spec(optim.ASGD(lambda_=0.5))["lambda"] == 0.5
    assert to_spec(optim.CG())["int"] == 0.1


def test_a_spec_says_the_rate_that_was_given_and_not_that_of_a_schedule() -> None:
    optimizer = optim.SGD(0.5)
    optimizer.learning_rate = 0.001
    assert to_spec(optimizer)["learning_rate"] == 0.5


def test_adamw_shrinks_every_weight_at_the_same_pace() -> None:
    """Compare with algorithm 2 of Loshchilov and Hutter, with a gradient much larger than the decay."""
    rng = np.random.default_rng(0)
    w, scale = rng.normal(size=6), np.logspace(-3, 3, 6)
    optimizer = optim.AdamW(0.01, weight_decay=0.1, epsilon=0)
    v, m, s = w.copy(), np.zeros(6), np.zeros(6)
    for t in range(1, 8):
        g = scale * rng.normal(size=6)
        optimizer.step(w, g)
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
        v = v - 0.01 * 0.1 * v - 0.01 * (m / (1 - 0.9**t)) / np.sqrt(s / (1 - 0.999**t))
        np.testing.assert_allclose(w, v, rtol=1e-12)


def test_adamw_without_decay_is_adam() -> None:
    w, v = np.ones(5), np.ones(5)
    one, other = optim.AdamW(0.1, 0.01, weight_decay=0), optim.Adam(0.1, 0.01)
    for _ in range(5):
        one.step(w, np.sin(w))
        other.step(v, np.sin(v))
    assert w.tobytes() == v.tobytes()


def test_momentum_averages_unless_dampening_says_otherwise() -> None:
    """With a constant gradient the velocity is the gradient, or ten times that with dampening = 0."""
    for dampening, length in ((None, 1.0), (0.9, 1.0), (0, 10.0)):
        w, optimizer = np.zeros(1), optim.SGD(0.1, momentum=0.9, dampening=dampening)
        for _ in range(300):
            before = w.copy()
            optimizer.step(w, np.ones(1))
        assert (before - w)[0] == pytest.approx(0.1 * length)


def test_asgd_averages_from_t0_on() -> None:
    way, w, optimizer = [], np.ones(3), optim.ASGD(eta0=0.1, lambda_=0, t0=4)
    for _ in range(9):
        optimizer.step(w, np.cos(w))
        way.append(w.copy())
    assert optimizer.ax is not None
    np.testing.assert_allclose(optimizer.ax, np.mean(way[5:], axis=0), rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "config", "calls"),
    [
        ("cg", {"max_iter": 200}, 1),
        ("cg", {"max_iter": 10}, 150),
        ("lbfgs", {"max_iter": 300, "max_eval": 1e3, "line_search": "lswolfe", "tol_fun": 1e-9}, 1),
        ("lbfgs", {"max_iter": 3, "learning_rate": 0.5}, 60),
        ("rprop", {"niter": 100}, 40),
    ],
)
def test_the_valley_of_rosenbrock_is_left_behind(name: str, config: dict[str, Any], calls: int) -> None:
    x = np.array([-1.2, 1.0, -0.5, 0.8])
    for _ in range(calls):
        _, losses, *_ = getattr(optim, name)(rosenbrock, x, config)
    assert losses[-1] < 1e-6
    np.testing.assert_allclose(x, 1, atol=1e-2)


@pytest.mark.parametrize("name", ["cg", "lbfgs"])
def test_a_minimum_is_where_it_stays(name: str) -> None:
    x = np.ones(4)
    for dtype in (np.float32, np.float64):
        x = np.ones(4, dtype)
        getattr(optim, name)(rosenbrock, x)
        assert x.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("config", [{}, {"line_search": "lswolfe"}], ids=["fixed", "lswolfe"])
@pytest.mark.parametrize("name", ["cg", "lbfgs"])
def test_a_wall_of_infinite_losses_is_met_without_a_warning(name: str, config: dict[str, Any]) -> None:
    """Below 0 the logarithm is NaN: the searches turn back, or at least raise no NumPy warning."""
    if name == "cg" and config:
        pytest.skip("cg has its own line search")

    def barrier(x: Array) -> tuple[float, Array]:
        if (x <= 0).any():
            return float("nan"), np.full_like(x, np.nan)
        return float((x - 1e-3 * np.log(x)).sum()), 1 - 1e-3 / x

    x = np.full(3, 2.0)
    getattr(optim, name)(barrier, x, {"max_iter": 60, **config})
    if name == "cg" or config:
        assert barrier(x)[0] == pytest.approx(3 * (1e-3 - 1e-3 * np.log(1e-3)), rel=1e-3)


def test_fista_finds_the_lasso_with_its_zeros() -> None:
    """½ |A x − b|² + l1 |x|₁ where A has orthonormal columns: the solution is Aᵀb, shrunk."""
    rng = np.random.default_rng(1)
    A = np.linalg.qr(rng.normal(size=(20, 6)))[0]
    b = A @ np.array([3.0, -2.0, 0.3, -0.4, 0.0, 1.0]) + 0.01 * rng.normal(size=20)

    def squares(x: Array) -> tuple[float, Array]:
        return float(np.square(A @ x - b).sum()) / 2, A.T @ (A @ x - b)

    free = A.T @ b
    solution = np.sign(free) * np.maximum(np.abs(free) - 0.5, 0)
    for momentum in (True, False):
        w = np.full(6, 5.0)
        optim.FISTA(l1=0.5, err_thres=1e-14, max_iter=300, do_fista_update=momentum).advance(squares, w)
        np.testing.assert_allclose(w, solution, atol=1e-5)
        assert w[solution == 0].tolist() == [0, 0, 0]


def test_fista_stays_when_no_step_is_short_enough() -> None:
    def jagged(x: Array) -> tuple[float, Array]:
        return float(x[0] != 1.0), np.ones(1)

    x, history = optim.fista(jagged, lambda z: 0.0, lambda z, L: None, np.ones(1), {"max_line": 3, "max_iter": 4})
    assert x.tolist() == [1.0]
    assert {line["nline"] for line in history} == {4}
