"""The step of a run is counted on copies: the run does not notice."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from nntrain.compute.random import initial_stream
from nntrain.errors import ModuleError
from nntrain.training.traffic.step_traffic import count_second_step
from nntrain.training.traffic.traffic import Traffic
from nntrain.training.traffic.traffic_log import CURRENT_LOG, TrafficLog
from nntrain.training.traffic.trainer_traffic import count_trainer_step
from nntrain.training.trainer import Trainer
from tests.training.stepping import after_two_epochs, made
from tests.training.stopping import MODULES

EVERYTHING: dict[str, Any] = {"batch_size": 16, "clip_norm": 0.1, "l2": 0.1, "ema": 0.9}
OPTIMIZERS = [
    {"type": "adam"},
    {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9},
    {"type": "lbfgs", "max_iter": 3},
]

# Of the network 4 → 6 → 3 in float64.
PARAMETERS = 4 * 6 + 6 + 6 * 3 + 3
VECTOR = 8 * PARAMETERS


@pytest.mark.parametrize("accumulate", [1, 3])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer["type"])
def test_a_counted_run_has_the_results_of_any_other(optimizer: dict[str, Any], accumulate: int) -> None:
    def build() -> Trainer:
        return made(EVERYTHING | {"accumulate": accumulate}, MODULES, optimizer=optimizer)

    # One after the other, because a new run restarts the random streams of the process.
    expected = after_two_epochs(build())
    run = build()
    run.train_step()
    counted = count_trainer_step(run).total
    assert counted.moved > counted.minimum > 0
    found = after_two_epochs(run)
    np.testing.assert_array_equal(found[0], expected[0])
    assert found[1] == expected[1]


def test_counting_uses_no_random_number_of_the_process() -> None:
    run = made({}, MODULES)
    before = copy.deepcopy(initial_stream().bit_generator.state)
    spawned = initial_stream().bit_generator.seed_seq.n_children_spawned  # type: ignore[attr-defined]
    count_trainer_step(run)
    assert initial_stream().bit_generator.state == before
    assert initial_stream().bit_generator.seed_seq.n_children_spawned == spawned  # type: ignore[attr-defined]
    assert CURRENT_LOG.get() is None


def test_the_work_on_gradients_is_counted_by_hand() -> None:
    found = count_trainer_step(made(EVERYTHING))
    parts = {name: traffic for (name, kind), traffic in found.by_key.items() if kind == "call"}
    # Linear layers overwrite their gradients.
    assert parts["zeroing"] == Traffic()
    # The norm, and the scaled gradient.
    assert (parts["clipping"].moved, parts["clipping"].minimum) == (3 * VECTOR, 2 * VECTOR)
    # The masked weights, the sum of their squares, their multiple, and its sum with the gradient.
    assert (parts["penalties"].moved, parts["penalties"].minimum) == ((3 + 1 + 2 + 3) * VECTOR, 3 * VECTOR)
    # The difference from the average, scaled, added.
    assert (parts["average"].moved, parts["average"].minimum) == ((3 + 2 + 3) * VECTOR, 3 * VECTOR)
    assert (parts["optimizer"].moved, parts["optimizer"].minimum) == (5 * VECTOR, 3 * VECTOR)


def test_a_step_of_several_batches_counts_each() -> None:
    one, three = (count_trainer_step(made({"batch_size": 16, "accumulate": count})) for count in (1, 3))
    forward = [found.find("1")["forward"].moved for found in (one, three)]
    assert forward[1] == 3 * forward[0]
    assert one.find("optimizer")["call"].moved == three.find("optimizer")["call"].moved


def test_every_evaluation_of_an_optimizer_counts() -> None:
    one = count_trainer_step(made({})).find("1")["forward"].moved
    assert count_trainer_step(made({}, optimizer=OPTIMIZERS[2])).find("1")["forward"].moved > one


def test_a_step_that_diverges_later_is_counted_at_the_first_parameters() -> None:
    assert count_trainer_step(made({}, optimizer={"type": "sgd", "learning_rate": 1e300})).total.moved > 0


def test_an_error_of_a_plugin_is_an_error_of_nntrain() -> None:
    def step() -> None:
        raise TypeError("expected an array")

    with pytest.raises(ModuleError, match="TypeError: expected an array"):
        count_second_step(TrafficLog(), step, np.zeros(2))


def test_a_tied_module_is_counted_at_each_of_its_uses() -> None:
    tied = [{"type": "Linear", "output_size": 4, "id": "layer"}, {"type": "Tanh"}, {"ref": "layer"}, {"type": "Linear"}]
    run = made({}, tied)
    found = count_trainer_step(run)
    assert found.find("1")["forward"].moved == found.find("3")["forward"].moved > 0
