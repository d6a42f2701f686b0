"""Properties of every registered optimizer."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain import optim
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.errors import ArgumentError, CheckpointError, ShapeError
from nntrain.nn.building.factory import build_registered, find_option_problems, get_options, list_classes, to_spec
from nntrain.optim import Optimizer
from nntrain.training import testing
from nntrain.training.testing.optimizer_checks import QuadraticObjective, build_start

# Every optimizer, with options and the number of calls that find the minimum of the quadratic.
CASES: dict[str, tuple[dict[str, Any], int]] = {
    "sgd": ({"type": "sgd", "learning_rate": 0.3}, 60),
    "sgd with momentum": ({"type": "sgd", "learning_rate": 0.3, "momentum": 0.8, "learning_rate_decay": 1e-3}, 90),
    "sgd of nesterov": (
        {"type": "sgd", "learning_rate": 0.1, "momentum": 0.8, "dampening": 0, "nesterov": True, "weight_decay": 1e-6},
        90,
    ),
    "sgd with rates": ({"type": "sgd", "learning_rate": 0.3, "learning_rates": [1, 1, 0.5, 0.5, 0.5]}, 60),
    "sgd with decays": ({"type": "sgd", "learning_rate": 0.3, "weight_decays": [0, 0, 1e-6, 1e-6, 0]}, 60),
    "nag": ({"type": "nag", "learning_rate": 0.1, "momentum": 0.7, "weight_decay": 1e-6}, 60),
    "nag with rates": ({"type": "nag", "learning_rate": 0.1, "momentum": 0.7, "learning_rates": [1, 1, 1, 1, 0.5]}, 60),
    "adam": ({"type": "adam", "learning_rate": 0.1, "weight_decay": 1e-6}, 300),
    "adamw": ({"type": "adamw", "learning_rate": 0.1, "learning_rate_decay": 1e-3, "weight_decay": 1e-5}, 300),
    "adamax": ({"type": "adamax", "learning_rate": 0.1, "weight_decay": 1e-6}, 300),
    "adagrad": ({"type": "adagrad", "learning_rate": 1.0, "weight_decay": 1e-6}, 100),
    "adadelta": ({"type": "adadelta", "eps": 1e-2, "weight_decay": 1e-6}, 100),
    "rmsprop": ({"type": "rmsprop", "learning_rate": 1e-2, "weight_decay": 1e-6, "initial_mean": 1.0}, 700),
    "rprop": ({"type": "rprop", "niter": 3}, 40),
    "asgd": ({"type": "asgd", "eta0": 0.3, "t0": 30, "lambda": 1e-5}, 90),
    "cg": ({"type": "cg"}, 2),
    "lbfgs": ({"type": "lbfgs", "max_iter": 10}, 4),
    "lbfgs of batches": ({"type": "lbfgs", "max_iter": 1, "n_correction": 3}, 40),
    "lbfgs with a line search": ({"type": "lbfgs", "max_iter": 4, "line_search": "lswolfe"}, 6),
    "fista": ({"type": "fista", "l1": 1e-5, "err_thres": 0}, 2),
    "cmaes": ({"type": "cmaes", "sigma": 0.5, "max_eval": 800}, 2),
    "de": (
        {"type": "de", "scale_factor": 0.5, "crossover_rate": 0.9, "max_fes": 3000, "min_region": -3, "max_region": 3},
        2,
    ),
}

# Options with one number per parameter of the quadratic.
VECTORS = {"learning_rates", "weight_decays"}

every_case = pytest.mark.parametrize("case", CASES)
every_type = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def made(case: str) -> Optimizer:
    optimizer: Optimizer = build_registered(CASES[case][0], "optimizer")
    return optimizer


def test_every_optimizer_has_a_case() -> None:
    assert {given["type"] for given, _ in CASES.values()} == {
        name for name, cls in list_classes("optimizer").items() if cls.__module__.startswith("nntrain.")
    }


@pytest.mark.parametrize("case", [case for case, (given, _) in CASES.items() if not VECTORS & set(given)])
def test_it_obeys_the_laws_of_plugins(case: str) -> None:
    testing.check_case(CASES[case][0])


@every_type
@every_case
def test_it_minimises_a_bowl_in_place(case: str, dtype: Any) -> None:
    w = build_start(dtype)
    bowl, optimizer = QuadraticObjective(w), made(case)
    memory = w.ctypes.data
    first = bowl(w)[0]
    for _ in range(CASES[case][1]):
        losses = optimizer.advance(bowl, w)
        assert losses
        assert all(type(loss) is float for loss in losses)
        assert bowl.gradient.tobytes() == bowl.last_gradient.tobytes(), "the gradient was changed"
    assert bowl(w)[0] < 1e-4 * first
    assert (w.dtype, w.ctypes.data) == (dtype, memory)
    held = [value for value in vars(optimizer).values() if isinstance(value, np.ndarray)]
    assert all(value.dtype in (dtype, bool) for value in held)


@every_case
def test_the_first_loss_is_that_of_the_start(case: str) -> None:
    w = build_start()
    bowl = QuadraticObjective(w)
    before = bowl(w)[0]
    losses = made(case).advance(bowl, w)
    assert losses[0] == before or case == "de"  # which has no start


@every_type
@every_case
def test_a_state_in_a_checkpoint_goes_on_to_the_same_bits(case: str, dtype: Any, tmp_path: Path) -> None:
    straight, first, second = made(case), made(case), made(case)
    w, v = build_start(dtype), build_start(dtype)
    for _ in range(7):
        straight.advance(QuadraticObjective(w), w)
    for _ in range(4):
        first.advance(QuadraticObjective(v), v)
    write_checkpoint(tmp_path / "state.h5", {"optimizer": first.state(), "w": v})
    tree = read_checkpoint(tmp_path / "state.h5")
    v = tree["w"]
    second.restore(tree["optimizer"])
    for _ in range(3):
        second.advance(QuadraticObjective(v), v)
    assert w.tobytes() == v.tobytes()
    assert repr(straight.state()) == repr(second.state())


@every_case
def test_a_state_is_not_touched_by_what_follows(case: str) -> None:
    w = build_start()
    optimizer = made(case)
    optimizer.advance(QuadraticObjective(w), w)
    state = optimizer.state()
    before = repr(state)
    optimizer.advance(QuadraticObjective(w), w)
    other = made(case)
    other.restore(state)
    other.advance(QuadraticObjective(w), w)
    assert repr(state) == before


@every_case
def test_the_function_goes_the_way_of_the_class(case: str) -> None:
    given = {name: value for name, value in CASES[case][0].items() if name != "type"}
    function = getattr(optim, CASES[case][0]["type"])
    if case == "fista":
        pytest.skip("its functional form takes the penalty as functions")
    optimizer = made(case)
    w, v, u = build_start(), build_start(), build_start()
    one, config, state = dict(given), dict(given), dict[str, Any]()
    for _ in range(4):
        expected = optimizer.advance(QuadraticObjective(w), w)
        assert function(QuadraticObjective(v), v, one)[:2] == (v, expected)
        assert function(QuadraticObjective(u), u, config, state)[:2] == (u, expected)
    assert w.tobytes() == v.tobytes() == u.tobytes()
    assert config == given


@every_case
def test_a_rate_that_is_set_is_used(case: str) -> None:
    optimizer = made(case)
    if optimizer.learning_rate is None:
        assert "learning_rate" not in get_options(type(optimizer))
        return
    w = build_start()
    optimizer.learning_rate = 0.0
    optimizer.advance(QuadraticObjective(w), w)
    assert w.tobytes() == build_start().tobytes()


@every_case
def test_a_spec_says_all_and_makes_the_same(case: str) -> None:
    spec = to_spec(made(case))
    assert find_option_problems(spec, "optimizer") == []
    assert spec.items() >= CASES[case][0].items()
    assert to_spec(build_registered(spec, "optimizer")) == spec


@pytest.mark.parametrize("name", sorted({given["type"] for given, _ in CASES.values()} - {"fista"}))
def test_an_unknown_option_names_the_nearest(name: str) -> None:
    option = next(iter(get_options(list_classes("optimizer")[name])))
    with pytest.raises(ArgumentError, match=rf"optim\.{name}: .* has no argument '{option}x'; did you mean '{option}'"):
        getattr(optim, name)(QuadraticObjective(build_start()), build_start(), {f"{option}x": 1})
    with pytest.raises(ShapeError, match=f"optim.{name}: expected x to be a vector of floats, got shape"):
        getattr(optim, name)(QuadraticObjective(build_start()), np.arange(3), {})


@every_case
def test_the_state_of_another_algorithm_is_refused(case: str) -> None:
    optimizer = made(case)
    with pytest.raises(CheckpointError, match=rf"{type(optimizer).__name__}: expected the state \["):
        optimizer.restore({**optimizer.state(), "foreign": 1})
