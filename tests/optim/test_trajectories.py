"""SGD and Adam go where torch/optim goes, over its golden trajectories."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.errors import ArgumentError, CheckpointError
from nntrain.optim.algorithms.adam import Adam
from nntrain.optim.algorithms.sgd import SGD
from nntrain.optim.optimizer import Optimizer
from nntrain.optim.registered import build, check, spec

GOLDEN = Path(__file__).parents[1] / "golden" / "optim.h5"
NAMES = ("sgd", "adam")


def cases() -> list[tuple[str, str]]:
    with h5py.File(GOLDEN) as file:
        return [(name, case) for name in NAMES for case in file[name]]


def gradient_of(problem: str, file: h5py.File) -> Any:
    if problem == "least_squares":
        A, b = file["problems/least_squares/A"][()], file["problems/least_squares/b"][()]
        return lambda x: A.T @ (A @ x - b)

    def rosenbrock(x: np.ndarray) -> np.ndarray:
        dx = np.zeros_like(x)
        valley = x[1:] - x[:-1] ** 2
        dx[:-1] = -400 * x[:-1] * valley - 2 * (1 - x[:-1])
        dx[1:] += 200 * valley
        return dx

    return rosenbrock


@pytest.mark.parametrize(("name", "case"), cases())
def test_an_optimizer_goes_where_torch_goes(name: str, case: str) -> None:
    with h5py.File(GOLDEN) as file:
        group = file[name][case]
        config = json.loads(group.attrs["config"])
        config = {key: np.array(value) if isinstance(value, list) else value for key, value in config.items()}
        gradient = gradient_of(group.attrs["problem"], file)
        optimizer = build({"type": name, **config})
        w = group["x"][0].copy()
        for expected in group["x"][1:]:
            optimizer.step(w, gradient(w))
            np.testing.assert_allclose(w, expected, rtol=0, atol=1e-9)
        for key, value in optimizer.state().items():
            if f"state/{key}" in group and value is not None:
                np.testing.assert_allclose(value, group[f"state/{key}"][()], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    "make", [lambda: SGD(0.1, momentum=0.9, dampening=0, nesterov=True), lambda: Adam(0.1, weight_decay=0.1)]
)
def test_a_restored_state_goes_on_to_the_same_bits(make: Any) -> None:
    straight, first, second = make(), make(), make()
    w, v = np.linspace(-1, 1, 7), np.linspace(-1, 1, 7)
    for _ in range(6):
        straight.step(w, np.sin(w))
    for _ in range(3):
        first.step(v, np.sin(v))
    second.restore(first.state())
    for _ in range(3):
        second.step(v, np.sin(v))
    assert w.tobytes() == v.tobytes()


def test_the_gradient_is_left_as_it_is() -> None:
    for optimizer in (SGD(0.1, weight_decay=0.1, momentum=0.9), Adam(0.1, weight_decay=0.1)):
        w, dw = np.ones(3), np.arange(3.0)
        optimizer.step(w, dw)
        optimizer.step(w, dw)
        assert dw.tolist() == [0, 1, 2]


@pytest.mark.parametrize("optimizer", [SGD(0.1, momentum=0.9, weight_decay=0.1), Adam(0.1)], ids=["sgd", "adam"])
def test_float32_stays_float32_and_memory_stays(optimizer: Optimizer) -> None:
    w = np.ones(3, np.float32)
    optimizer.step(w, w.copy())
    kept = {key: id(value) for key, value in vars(optimizer).items() if isinstance(value, np.ndarray)}
    optimizer.step(w, w.copy())
    assert {key: id(value) for key, value in vars(optimizer).items() if isinstance(value, np.ndarray)} == kept
    assert all(value.dtype == np.float32 for value in vars(optimizer).values() if isinstance(value, np.ndarray))


def test_nesterov_without_momentum_is_refused() -> None:
    with pytest.raises(ArgumentError, match="nesterov needs momentum"):
        SGD(nesterov=True)


def test_the_state_of_another_algorithm_is_refused() -> None:
    with pytest.raises(CheckpointError, match="Adam: expected the state"):
        Adam().restore(SGD().state())


def test_names_come_in_either_case_and_the_nearest_is_told() -> None:
    assert isinstance(build({"type": "Adam"}), Adam)
    assert check({"type": "adm"}) == [(("type",), "unknown optimizer 'adm'; did you mean 'adam'?")]
    assert check({"type": "sgd", "momentun": 1})[0][1] == "SGD has no argument 'momentun'; did you mean 'momentum'?"
    assert check({"type": "sgd", "nesterov": True})[0][1] == "SGD: nesterov needs momentum > 0 and dampening = 0"


def test_a_spec_says_the_defaults_too() -> None:
    assert spec(Adam(0.5)) == {
        "type": "adam",
        "learning_rate": 0.5,
        "learning_rate_decay": 0.0,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "weight_decay": 0.0,
    }
