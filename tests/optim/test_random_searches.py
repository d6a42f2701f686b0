"""Properties of the random searches CMAES and DE."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from nntrain import optim
from nntrain.compute.array import Array
from nntrain.errors import ArgumentError
from nntrain.optim.algorithms.cmaes import Distribution
from tests.optim.golden import Case, cases, rosenbrock

SEARCHES = {
    "cmaes": {"sigma": 0.5, "max_eval": 6000},
    "de": {"scale_factor": 0.6, "crossover_rate": 0.9, "max_fes": 12000, "min_region": -3, "max_region": 3},
}

every_search = pytest.mark.parametrize("name", SEARCHES)


def sphere(x: Array) -> tuple[float, Array]:
    return float(x @ x), 2 * x


class Drawn:
    """A generator that returns the numbers that Torch drew."""

    def __init__(self, draws: Array) -> None:
        self.draws = draws

    def standard_normal(self, shape: tuple[int, int]) -> Array:
        drawn, self.draws = self.draws[: shape[0]], self.draws[shape[0] :]
        assert drawn.shape == shape
        return drawn


@pytest.mark.parametrize("case", cases("cmaes"), ids=str)
def test_cmaes_goes_where_torch_goes_but_for_signs(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use Torch's draws and its arbitrary signs of eigenvectors."""
    function, expected = case.function(), case.arrays["eval_x"]
    plain = Distribution.sample

    def signed(self: Distribution, generator: Drawn) -> Array:
        wanted = expected[1 + self.evaluations :]
        draws = generator.draws
        plain(self, generator)
        axes = self.B
        for signs in itertools.product((1, -1), repeat=4):
            self.B, generator.draws = axes * signs, draws
            candidates = plain(self, generator)
            if np.allclose(candidates, wanted[: len(candidates)], rtol=0, atol=1e-7):
                return candidates
        raise AssertionError("no choice of signs gives Torch's candidates")

    monkeypatch.setattr(Distribution, "sample", signed)
    optimizer = optim.CMAES(**case.config)
    optimizer.generator = Drawn(case.arrays["draws"])
    w = case.arrays["x0"].copy()
    losses = optimizer.advance(function, w)
    for name, got in {"f": losses, "best": w, "eval_f": function.f}.items():
        np.testing.assert_allclose(got, case.arrays[name], rtol=1e-6)
    case.check("n_eval", optimizer.evaluations)


@every_search
@pytest.mark.parametrize("function", [sphere, rosenbrock])
def test_a_search_finds_the_minimum(name: str, function: Callable[[Array], tuple[float, Array]]) -> None:
    x = np.array([-1.2, 1.0, -0.5, 0.8])
    found, losses, *_ = getattr(optim, name)(function, x, dict(SEARCHES[name]))
    assert found is x
    assert function(x)[0] == min(losses) < 1e-6


@every_search
def test_the_seed_decides_and_the_stream_goes_on(name: str) -> None:
    def run(seed: int, *, calls: int) -> list[bytes]:
        config = {**SEARCHES[name], "seed": seed, ("max_eval" if name == "cmaes" else "max_fes"): 60}
        return [getattr(optim, name)(sphere, np.ones(4), config)[0].tobytes() for _ in range(calls)]

    assert run(1, calls=2) == run(1, calls=2)
    assert run(1, calls=1) != run(2, calls=1)
    first, second = run(1, calls=2)
    assert first != second


@every_search
def test_a_function_may_return_its_value_alone(name: str) -> None:
    config = {**SEARCHES[name], ("max_eval" if name == "cmaes" else "max_fes"): 60}
    both, alone = np.ones(4), np.ones(4)
    getattr(optim, name)(sphere, both, dict(config))
    getattr(optim, name)(lambda x: sphere(x)[0], alone, dict(config))
    assert both.tobytes() == alone.tobytes()


@every_search
def test_losses_that_are_no_numbers_are_the_highest(name: str) -> None:
    def half_defined(x: Array) -> float:
        return float("nan") if x[0] < 0 else float(x @ x)

    x = np.ones(3)
    _, losses, *_ = getattr(optim, name)(half_defined, x, dict(SEARCHES[name]))
    assert not np.isnan(losses).any()
    assert half_defined(x) == min(losses) < 1e-3


@pytest.mark.parametrize(("fes", "rows"), [(40, 40), (41, 41), (79, 79), (100, 100)])
def test_de_stops_in_the_middle_of_a_generation(fes: int, rows: int) -> None:
    config = {"scale_factor": 0.5, "crossover_rate": 0.9, "max_fes": fes}
    assert len(optim.de(sphere, np.ones(4), config)[1]) == rows


def test_de_never_gets_worse_and_stays_itself_with_the_smallest_population() -> None:
    x = np.ones(2, np.float32)
    config = {"scale_factor": 0.5, "crossover_rate": 0.0, "max_fes": 300, "popsize": 3}
    _, losses = optim.de(sphere, x, config)
    assert sphere(x)[0] == pytest.approx(min(losses))


def test_cmaes_returns_the_start_if_nothing_is_better() -> None:
    x = np.zeros(3)
    _, losses, evaluations = optim.cmaes(sphere, x, {"sigma": 1, "max_eval": 7})
    assert x.tolist() == [0, 0, 0]
    assert losses[0] == losses[-1] == 0
    assert evaluations == 7


def test_cmaes_ends_at_its_target_after_the_least_generations() -> None:
    config = {"sigma": 1, "ftarget": 1e9}
    assert len(optim.cmaes(sphere, np.ones(3), dict(config))[1]) == 3
    assert len(optim.cmaes(sphere, np.ones(3), {**config, "min_iterations": 4})[1]) == 6


def test_cmaes_shows_its_way_if_asked(capsys: pytest.CaptureFixture[str]) -> None:
    optim.cmaes(sphere, np.ones(3), {"sigma": 1, "max_eval": 28, "verb_disp": 2})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["14 evaluations", "28 evaluations"]


def test_cmaes_works_on_one_parameter() -> None:
    x = np.array([3.0])
    optim.cmaes(sphere, x, {"sigma": 1, "max_eval": 400})
    assert abs(x[0]) < 1e-3


def test_what_a_search_needs_is_asked_for() -> None:
    with pytest.raises(ArgumentError, match=r"optim\.cmaes: CMAES needs 'sigma'"):
        optim.cmaes(sphere, np.ones(2), {})
    with pytest.raises(ArgumentError, match="DE needs 'scale_factor'; DE needs 'crossover_rate'; DE needs 'max_fes'"):
        optim.de(sphere, np.ones(2))
    with pytest.raises(ArgumentError, match="max_fes of at least the popsize, 20, got 5"):
        optim.de(sphere, np.ones(2), {"scale_factor": 0.5, "crossover_rate": 0.5, "max_fes": 5})
    with pytest.raises(ArgumentError, match="a covariance of 20000 × 20000 numbers does not fit in memory"):
        optim.cmaes(sphere, np.ones(20000), {"sigma": 1})
