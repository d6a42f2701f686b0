"""state() and restore(): what a network must remember, and that it goes on as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.errors import CheckpointError
from nntrain.nn.bases.noise import Noise
from nntrain.nn.module import Module
from nntrain.nn.state import update_state

X = np.random.default_rng(5).normal(size=(4, 3))


class Noisy(Noise):
    """y = x + noise, counting its passes."""

    buffer_names = ("passes",)

    def __init__(self) -> None:
        self.passes = np.zeros(1, np.float32)

    def update_output(self, x: Array) -> Array:
        self.passes += 1
        self.output = x + self.generator.normal(size=x.shape)
        return self.output


def net() -> Any:
    return nn.Sequential([nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)])


def test_a_new_network_with_the_state_computes_the_same() -> None:
    old, new = net(), net()
    new.restore(old.state())
    np.testing.assert_array_equal(new.forward(X), old.forward(X))


def test_the_state_is_no_view_of_the_network() -> None:
    old, new = net(), net()
    state = old.state()
    wanted = old.forward(X).copy()
    old[0].weight[...] = 0
    new.restore(state)
    np.testing.assert_array_equal(new.forward(X), wanted)
    new[0].weight[...] = 0
    again = net()
    again.restore(state)
    np.testing.assert_array_equal(again.forward(X), wanted)


def test_arrays_stand_under_place_and_attribute() -> None:
    state = nn.Sequential([nn.Tanh(), nn.Sequential([nn.Linear(3, 2)])]).state()
    assert set(state["blocks"]) == {"1.0.weight", "1.0.bias"}
    assert state["blocks"]["1.0.weight"].shape == (2, 3)
    assert set(nn.Linear(3, 2).state()["blocks"]) == {"weight", "bias"}


def test_gradients_are_restored_as_zeros_of_their_shape() -> None:
    old, new = net(), net()
    old[0].grad_weight[...] = 3
    new.restore(old.state())
    assert new[0].grad_weight.shape == (4, 3)
    assert not new[0].grad_weight.any()


def test_the_type_is_restored() -> None:
    new = net()
    new.restore(net().double().state())
    assert new.type() == new[0].type() == "float64"
    assert new[2].weight.dtype == new[2].grad_weight.dtype == np.float64


def test_tied_weights_are_tied_again() -> None:
    def tied() -> Any:
        encode, decode = nn.Linear(3, 2), nn.Linear(2, 3)
        decode.weight, decode.grad_weight = encode.weight.T, encode.grad_weight.T
        return nn.Sequential([encode, decode])

    new = nn.Sequential([nn.Linear(3, 2), nn.Linear(2, 3)])
    old = tied()
    new.restore(old.state())
    new[0].weight[1, 2] = 9
    assert new[1].weight[2, 1] == 9
    assert np.shares_memory(new[0].grad_weight, new[1].grad_weight)


def test_overlapping_views_overlap_again() -> None:
    old, new = net(), net()
    memory, gradient = np.arange(20, dtype=np.float32), np.zeros(20, np.float32)
    old[0].weight, old[0].grad_weight = memory[:12].reshape(4, 3), gradient[:12].reshape(4, 3)
    old[2].weight, old[2].grad_weight = memory[8:16].reshape(2, 4), gradient[8:16].reshape(2, 4)
    new.restore(old.state())
    np.testing.assert_array_equal(new[2].weight.ravel(), np.arange(8, 16))
    new[0].weight[3, 2] = -1
    assert new[2].weight[0, 3] == -1


def test_a_flattened_network_restores_into_one_that_is_not_and_back() -> None:
    old, new = net(), net()
    old.get_parameters()
    new.restore(old.state())
    np.testing.assert_array_equal(new.forward(X), old.forward(X))
    again = net()
    flat, _ = again.get_parameters()
    again.restore(new.state())
    flat[:] = 0
    np.testing.assert_array_equal(again.forward(X), old.forward(X))


def test_a_restored_network_can_be_flattened() -> None:
    old, new = net(), net()
    new.restore(old.state())
    np.testing.assert_array_equal(new.get_parameters()[0], old.get_parameters()[0])


def test_noise_and_buffers_go_on_where_they_were() -> None:
    old = nn.Sequential([Noisy(), nn.Sequential([Noisy()])])
    old.forward(X)
    new = nn.Sequential([Noisy(), nn.Sequential([Noisy()])])
    new.restore(old.state())
    assert new[0].passes == 1
    np.testing.assert_array_equal(new.forward(X), old.forward(X))


def test_a_module_in_two_places_is_kept_once() -> None:
    linear = nn.Linear(3, 3)
    state = nn.ConcatTable([linear, nn.Sequential([linear])]).state()
    assert set(state["blocks"]) == {"0.weight", "0.bias"}


@pytest.mark.parametrize(
    "other",
    [
        nn.Sequential([nn.Linear(3, 4)]),
        nn.Sequential([nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False)]),
        nn.Sequential([nn.Tanh(), nn.Linear(3, 4), nn.Linear(4, 2)]),
        nn.Linear(3, 4),
    ],
    ids=["shorter", "without bias", "in another order", "no container"],
)
def test_the_state_of_another_network_is_an_error(other: Module) -> None:
    with pytest.raises(CheckpointError):
        other.restore(net().state())


def test_the_state_of_a_network_of_other_sizes_is_an_error() -> None:
    other = nn.Sequential([nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)])
    with pytest.raises(CheckpointError):
        other.restore(net().state())


def test_a_failed_restore_leaves_the_network_as_it_was() -> None:
    other = nn.Sequential([nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False)])
    before = other.forward(X).copy()
    with pytest.raises(CheckpointError):
        other.restore(net().state())
    np.testing.assert_array_equal(other.forward(X), before)


# Corrupt states: the path of a value, and its replacement. None: removed.
FAR = ["0.weight", 5, [4, 3], [3, 1]]
BEFORE = ["0.weight", -1, [4, 3], [3, 1]]
WIDE = ["0.weight", 0, [4, 3], [300, 1]]
NOWHERE = ["nowhere", 0, [4, 3], [3, 1]]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("views", "0.weight"), FAR),
        (("views", "0.weight"), BEFORE),
        (("views", "0.weight"), WIDE),
        (("views", "0.weight"), NOWHERE),
        (("views", "0.weight"), None),
        (("blocks", "0.weight"), None),
        (("streams", "0"), {}),
        (("sizes", "7"), 2),
        (("sizes", ""), 2),
        (("views", "0.weight"), "garbage"),
        (("gradients", "0.grad_weight"), [12, "object"]),
        (("gradients", "0.grad_weight"), "x"),
        (("views",), None),
        (("type",), "int8"),
    ],
    ids=str,
)
def test_a_damaged_state_is_an_error(place: tuple[str, ...], value: Any) -> None:
    state = net().state()
    inner = state[place[0]] if len(place) > 1 else state
    inner.pop(place[-1], None)
    if value is not None:
        inner[place[-1]] = value
    with pytest.raises(CheckpointError):
        net().restore(state)


@pytest.mark.parametrize("flat", [False, True])
def test_a_state_is_brought_up_to_date_in_its_own_memory(flat: bool) -> None:
    model = nn.Sequential([nn.Linear(3, 4), Noisy(), nn.Linear(4, 2), nn.BatchNormalization(2)])
    if flat:
        model.get_parameters()
    kept = model.state()
    memory = {name: id(block) for name, block in kept["blocks"].items()}
    for parameter in model.parameters()[0]:
        parameter += 1
    model.forward(X)
    assert not np.array_equal(*(next(iter(state["blocks"].values())) for state in (kept, model.state())))
    update_state(kept, model)
    now = model.state()
    assert {name: id(block) for name, block in kept["blocks"].items()} == memory
    assert {name: value for name, value in kept.items() if name != "blocks"} == {
        name: value for name, value in now.items() if name != "blocks"
    }
    for name, block in now["blocks"].items():
        np.testing.assert_array_equal(kept["blocks"][name], block)
