"""Bytes of layers, criterions and optimizers, counted by hand: each operand and each result of each call once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.compute.memory_limit import set_variable
from nntrain.compute.product_engine import use_engine
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.optim import Optimizer
from nntrain.optim.algorithms.adam import Adam
from nntrain.optim.algorithms.sgd import SGD
from nntrain.training.traffic.logged_engine import log_products
from nntrain.training.traffic.traffic_counter import TrafficCounter
from nntrain.training.traffic.traffic_log import CURRENT_LOG
from tests.einsum_engine import EinsumEngine

ROWS = 4

Bytes = dict[str, tuple[int, int]]


def count_module(module: Module, columns: int, unset: tuple[str, ...] = ()) -> Bytes:
    """Bytes moved and the minimum of the second pass, of float32 numbers."""
    counter = TrafficCounter()
    counter.adopt(module)
    counter.watch_model(module)
    x = counter.convert(np.ones((ROWS, columns), np.float32))
    with set_variable(CURRENT_LOG, counter.log):
        for _ in range(2):
            counter.log.traffic.clear()
            module.unset_gradients = set(unset)
            module.backward(x, np.ones_like(module.forward(x)))
    return moved(counter)


def count_criterion(criterion: Criterion, x: Array, t: Array) -> Bytes:
    counter = TrafficCounter()
    counter.adopt(criterion)
    counter.watch_criterion(criterion)
    x, t = counter.convert(x), counter.convert(t)
    with set_variable(CURRENT_LOG, counter.log):
        criterion.forward(x, t)
        criterion.backward(x, t)
    return moved(counter)


def count_optimizer(optimizer: Optimizer, parameters: int) -> Bytes:
    """Bytes of the second step."""
    counter = TrafficCounter()
    w, dw = (counter.convert(np.ones(parameters, np.float32)) for _ in range(2))
    optimizer.step(np.ones(parameters, np.float32), np.ones(parameters, np.float32))
    counter.watch_optimizer(optimizer, w, dw)
    with set_variable(CURRENT_LOG, counter.log):
        optimizer.advance(lambda w: (0.0, dw), w)
    return moved(counter)


def moved(counter: TrafficCounter) -> Bytes:
    return {kind: (found.moved, found.minimum) for (_, kind), found in counter.log.traffic.items()}


# Arrays of 4 rows: x 48, y and dy 32 bytes; weight 24, bias 8; a vector of ones for the sum over the rows 16.
PRODUCT, BIAS_ADDED = 48 + 24 + 32, 32 + 8 + 32
GRAD_INPUT, GRAD_WEIGHT, GRAD_BIAS = 32 + 24 + 48, 32 + 48 + 24, 16 + 32 + 8
LINEAR = {"forward": (PRODUCT + BIAS_ADDED, 48 + 24 + 8 + 32)}


def test_linear_adds_the_bias_in_a_second_pass() -> None:
    expected = LINEAR | {"backward": (GRAD_INPUT + GRAD_WEIGHT + GRAD_BIAS, 48 + 24 + 32 + 48 + 24 + 8)}
    assert count_module(nn.Linear(3, 2), 3, unset=("weight", "bias")) == expected


def test_gradients_that_are_accumulated_are_read_too() -> None:
    added = 3 * 24 + 3 * 8  # the gradient, its new term, and the gradient again
    expected = LINEAR | {
        "backward": (GRAD_INPUT + GRAD_WEIGHT + GRAD_BIAS + added, 48 + 24 + 32 + 48 + 2 * (24 + 8)),
    }
    assert count_module(nn.Linear(3, 2), 3) == expected


def test_products_of_another_library_count_the_same() -> None:
    expected = count_module(nn.Linear(3, 2), 3, unset=("weight", "bias"))
    engine = EinsumEngine()
    use_engine(engine, "1", min_work=1)
    try:
        with log_products():
            assert count_module(nn.Linear(3, 2), 3, unset=("weight", "bias")) == expected
    finally:
        use_engine(None)
    assert engine.count == 2 * 3


def test_relu_needs_one_pass_forward_and_two_backward() -> None:
    # x > 0 into dx, and dx times dy.
    assert count_module(nn.ReLU(), 3) == {"forward": (2 * 48, 2 * 48), "backward": (2 * 48 + 3 * 48, 3 * 48)}


def test_in_place_relu_needs_an_array_for_its_derivative() -> None:
    assert count_module(nn.ReLU(inplace=True), 3) == {
        "forward": (2 * 48, 2 * 48),
        "backward": (2 * 48 + 3 * 48, 3 * 48),
    }


def test_reshape_moves_nothing() -> None:
    assert count_module(nn.Reshape([3, 1]), 3) == {"forward": (0, 0), "backward": (0, 0)}


def test_batch_normalization_needs_five_passes_forward_and_eight_backward() -> None:
    x, v, ones = 48, 12, 16
    mean = (ones + x + v) + 2 * v
    variance = (x + v + x) + 2 * x + (ones + x + v) + 2 * v
    scale = 3 * 2 * v + 3 * v
    transformed = 2 * (x + v + x)
    running = 2 * (2 * v + 2 * v + 3 * v)
    sums = (x + v + x) + 3 * x + 2 * (ones + x + v)
    vectors = 2 * 3 * v + 2 * 2 * v + 2 * 2 * v  # dw and r; their divisors; copies into the gradients
    combined = (x + v + x) + 3 * x + 2 * (x + v + x)
    assert count_module(nn.BatchNormalization(3), 3, unset=("weight", "bias")) == {
        "forward": (mean + variance + scale + transformed + running, 2 * x + 2 * v),
        "backward": (sums + vectors + combined, 3 * x + 2 * v),
    }


def test_a_container_counts_only_its_own_operations() -> None:
    counter = TrafficCounter()
    model = nn.Sequential([nn.ConcatTable([nn.ReLU(), nn.ReLU()]), nn.CAddTable()])
    counter.adopt(model)
    counter.watch_model(model)
    x = counter.convert(np.ones((ROWS, 3), np.float32))
    with set_variable(CURRENT_LOG, counter.log):
        model.backward(x, np.ones_like(model.forward(x)))
    names = {key: (found.moved, found.minimum) for key, found in counter.log.traffic.items()}
    assert names["0", "forward"] == names["0", "backward"] == (0, 0)
    # The sum of the gradients of both branches: a copy, and an addition in place.
    assert names["1", "backward"] == (2 * 48 + 3 * 48, 3 * 48)
    assert names["2", "forward"] == (2 * 48, 2 * 48)


def test_a_mean_squared_error() -> None:
    x, t = np.ones((2, ROWS, 3), np.float32)
    assert count_criterion(nn.MSECriterion(), x, t) == {
        "forward": (3 * 48 + 2 * 48 + 48, 2 * 48),
        "backward": (3 * 48 + 2 * 48 + 2 * 48, 3 * 48),
    }


@pytest.mark.parametrize(
    ("optimizer", "passes", "least"),
    [
        (SGD(0.1), 2 + 3, 3),
        (SGD(0.1, momentum=0.9), (2 + 2 + 3) + 2 + 3, 5),
        (SGD(0.1, weight_decay=0.1), (2 + 3) + 2 + 3, 3),
        (Adam(0.1), (2 + 2 + 3) + (2 + 2 + 2 + 3) + (2 + 2 + 3) + 2 + 3, 7),
    ],
    ids=["SGD", "momentum", "decay", "Adam"],
)
def test_an_optimizer_passes_over_its_vectors(optimizer: Any, passes: int, least: int) -> None:
    assert count_optimizer(optimizer, 10) == {"call": (passes * 40, least * 40)}
