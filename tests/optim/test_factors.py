"""Factors per parameter: each optimizer moves a parameter as with a learning rate and a weight decay of its own."""

from typing import Any

import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.compute.threads import configure_compute
from nntrain.errors import ArgumentError
from nntrain.nn.building.factory import build_registered, list_classes
from nntrain.nn.parameter_factors import FACTOR_KEYS
from nntrain.optim import Optimizer

RATE, DECAY = 0.02, 0.1

# The options of learning rate and weight decay of each optimizer, None if it has none, and further options.
OPTIMIZERS: dict[str, tuple[str | None, str | None, dict[str, Any]]] = {
    "sgd": ("learning_rate", "weight_decay", {"learning_rate_decay": 0.1}),
    "sgd-momentum": ("learning_rate", "weight_decay", {"momentum": 0.9}),
    "sgd-nesterov": ("learning_rate", "weight_decay", {"momentum": 0.9, "dampening": 0.0, "nesterov": True}),
    "nag": ("learning_rate", "weight_decay", {"momentum": 0.8}),
    "adam": ("learning_rate", "weight_decay", {}),
    "adamw": ("learning_rate", "weight_decay", {"learning_rate_decay": 0.1}),
    "adamax": ("learning_rate", "weight_decay", {}),
    "adagrad": ("learning_rate", "weight_decay", {}),
    "rmsprop": ("learning_rate", "weight_decay", {}),
    "adadelta": (None, "weight_decay", {"eps": 1e-2}),
    "asgd": ("eta0", "lambda", {"t0": 3.0}),
    "rprop": (None, None, {}),
}
REFUSING: dict[str, dict[str, Any]] = {
    "cg": {},
    "lbfgs": {},
    "fista": {},
    "cmaes": {"sigma": 1.0},
    "de": {"scale_factor": 0.5, "crossover_rate": 0.9, "max_fes": 100},
}

# More than one chunk, with a remainder.
SIZE = 140_001


def made(name: str, rate: float = RATE, decay: float = DECAY) -> Optimizer:
    rate_name, decay_name, options = OPTIMIZERS[name]
    named = {rate_name: rate, decay_name: decay}
    given = {option: value for option, value in named.items() if option is not None}
    optimizer: Optimizer = build_registered({"type": name.partition("-")[0], **given, **options}, "optimizer")
    return optimizer


def descend(optimizer: Optimizer, w: Array, curvature: Array, steps: int = 6) -> Array:
    """Take steps on Σ c (w − 1)² / 2 from w, and return the new w."""
    w = w.copy()
    with configure_compute():
        for _ in range(steps):
            optimizer.advance(lambda w: (0.0, curvature * (w - 1)), w)
    return w


def test_every_built_in_optimizer_is_tested() -> None:
    names = {name for name, cls in list_classes("optimizer").items() if cls.__module__.startswith("nntrain.")}
    assert names == {name.partition("-")[0] for name in OPTIMIZERS} | set(REFUSING)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-11), ("float32", 1e-4)])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_parameter_moves_as_with_its_own_rate_and_decay(name: str, dtype: str, tolerance: float) -> None:
    random = np.random.default_rng(1)
    w, curvature = (random.uniform(0.5, 2, SIZE).astype(dtype) for _ in range(2))
    rate_name, decay_name, _ = OPTIMIZERS[name]
    rates = random.choice([0, 0.25, 1, 3] if rate_name else [1], SIZE).astype(dtype)
    decays = random.choice([0, 0.3, 1, 2] if decay_name else [1], SIZE).astype(dtype)
    optimizer = made(name)
    optimizer.set_factors(rates if rate_name else None, decays if decay_name else None)
    got = descend(optimizer, w, curvature)
    assert got.dtype == dtype
    for rate in np.unique(rates):
        for decay in np.unique(decays):
            chosen = (rates == rate) & (decays == decay)
            expected = descend(made(name, RATE * float(rate), DECAY * float(decay)), w[chosen], curvature[chosen])
            np.testing.assert_allclose(got[chosen], expected, rtol=tolerance, err_msg=f"{rate} {decay}")
            assert (expected != w[chosen]).any() or rate == 0


@pytest.mark.parametrize("name", [name for name, (rate, *_) in OPTIMIZERS.items() if rate is None])
def test_without_a_learning_rate_the_update_is_multiplied(name: str) -> None:
    random = np.random.default_rng(2)
    w, rates = np.zeros(SIZE), random.choice([0, 0.25, 1, 3], SIZE)
    gradients = random.normal(size=(6, SIZE))
    plain, scaled = made(name, decay=0.0), made(name, decay=0.0)
    scaled.set_factors(rates, None)
    moved, got = w.copy(), w.copy()
    for dw in gradients:
        plain.step(moved, dw)
        scaled.step(got, dw)
    assert moved.all()
    np.testing.assert_allclose(got, rates * moved, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_factors_of_1_change_nothing(name: str) -> None:
    random = np.random.default_rng(3)
    w, curvature = (random.uniform(0.5, 2, 1000) for _ in range(2))
    optimizer, ones = made(name), np.ones(1000)
    optimizer.set_factors(ones, ones if "weight_decay" in optimizer.factor_names else None)
    np.testing.assert_allclose(descend(optimizer, w, curvature), descend(made(name), w, curvature), rtol=1e-13)


def test_factors_multiply_the_vectors_of_torch() -> None:
    w, dw = np.ones(2), np.ones(2)
    optimizer = build_registered(
        {"type": "sgd", "learning_rate": 1.0, "learning_rates": [0.5, 1], "weight_decays": [0, 1]}, "optimizer"
    )
    optimizer.set_factors(np.array([0.5, 0.5]), np.array([1, 0.25]))
    optimizer.step(w, dw)
    np.testing.assert_allclose(w, [1 - 0.25, 1 - 0.5 * 1.25])


@pytest.mark.parametrize("name", REFUSING)
def test_other_optimizers_name_the_key(name: str) -> None:
    optimizer = build_registered({"type": name, **REFUSING[name]}, "optimizer")
    optimizer.set_factors(None, None)
    for key in FACTOR_KEYS:
        vectors = [np.ones(2) if key == other else None for other in FACTOR_KEYS]
        with pytest.raises(ArgumentError, match=f"does not support {key}; remove the key, or choose another"):
            optimizer.set_factors(*vectors)
    with pytest.raises(ArgumentError, match="Rprop: does not support weight_decay_factor"):
        made("rprop").set_factors(None, np.ones(2))
