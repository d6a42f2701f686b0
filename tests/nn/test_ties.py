"""The uses of one module keep sharing parameters and statistics, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.errors import ModuleError
from tests.nn.two_places import AGAIN, DY, LINEAR, OTHER, TANH, X, affine, hold, made, named, spec

# Sharing


def recurrence() -> Any:
    return made(spec("Sequential", named(spec("Sequential", LINEAR, TANH)), AGAIN, AGAIN))


def ties_hold(net: Any) -> None:
    for place in (1, 2):
        for name in ("weight", "bias", "grad_weight", "grad_bias"):
            assert np.shares_memory(getattr(net[0][0], name), getattr(net[place][0], name))
            assert getattr(net[0][0], name).ctypes.data == getattr(net[place][0], name).ctypes.data
        assert net[0][0].output is not net[place][0].output


def test_flat_vectors_hold_shared_parameters_once() -> None:
    net = recurrence()
    flat, gradient = net.get_parameters()
    assert flat.shape == gradient.shape == (12,)
    ties_hold(net)
    flat[:] = np.arange(12)
    np.testing.assert_array_equal(net[2][0].weight, np.arange(9).reshape(3, 3))
    hold(net, X, DY, lambda x, f: chained(x, f), [flat], [gradient])


def chained(x: Array, flat: Array) -> Array:
    w, b = flat[:9].reshape(3, 3), flat[9:]
    for _ in range(3):
        x = np.tanh(affine(x, w, b))
    return x


def test_types_copies_and_states_keep_them_shared() -> None:
    net = recurrence()
    ties_hold(net.float().double())
    twin = net.clone()
    ties_hold(twin)
    assert not np.shares_memory(twin[0][0].weight, net[0][0].weight)
    other = recurrence()
    other.restore(net.state())
    ties_hold(other)
    np.testing.assert_array_equal(other.forward(X), net.forward(X))
    other.get_parameters()
    ties_hold(other)


def test_the_spec_names_the_first_place_and_builds_the_same_network() -> None:
    net = recurrence()
    text = json.dumps(net.spec())
    assert [module.get("ref") for module in json.loads(text)["modules"]] == [None, *["Sequential-0"] * 2]
    assert json.dumps(nn.build(json.loads(text)).spec()) == text
    assert json.dumps(net.clone().spec()) == text


def test_a_state_of_one_object_in_two_places_is_read() -> None:
    """A state from a version in which two uses of a module were one object: one random stream and one size."""
    tree = {
        "type": "float64",
        "blocks": {"0.0.weight": np.arange(9.0).reshape(3, 3), "0.0.bias": np.arange(3.0)},
        "gradients": {"0.0.grad_weight": [9, "float64"], "0.0.grad_bias": [3, "float64"]},
        "views": {
            "0.0.weight": ["0.0.weight", 0, [3, 3], [3, 1]],
            "0.0.grad_weight": ["0.0.grad_weight", 0, [3, 3], [3, 1]],
            "0.0.bias": ["0.0.bias", 0, [3], [1]],
            "0.0.grad_bias": ["0.0.grad_bias", 0, [3], [1]],
        },
        "streams": {"0.1": nn.Dropout().state()["streams"][""]},
        "sizes": {"": 2, "0": 2},
    }
    net = made(spec("Sequential", named(spec("Sequential", LINEAR, {"type": "Dropout"})), AGAIN))
    net.restore(tree)
    net.evaluate()
    w, b = np.arange(9.0).reshape(3, 3), np.arange(3.0)
    np.testing.assert_allclose(net.forward(X), affine(affine(X, w, b), w, b))
    assert set(net.state()["views"]) == set(tree["views"])


def test_places_that_part_are_reported_before_they_are_trained_or_saved() -> None:
    net = recurrence()
    net[1][0].weight = np.zeros((3, 3))
    for call in (net.get_parameters, net.state):
        with pytest.raises(ModuleError, match=r"Linear\(3 -> 3\) is used twice, but its uses no longer share 'weight'"):
            call()


def test_places_that_part_in_a_setting_are_spelled_in_full() -> None:
    block = nn.Sequential([nn.Linear(3, 3), nn.Dropout(0.5)])
    net = nn.Sequential([block, block])
    net[1][1].setp(0.25)
    net[1].add(nn.Tanh())
    again = nn.build(net.spec())
    assert (again[0][1].p, again[1][1].p) == (0.5, 0.25)
    assert [len(block) for block in again] == [2, 3]
    assert again[0][0].weight is again[1][0].weight


def test_updates_are_made_once() -> None:
    net = recurrence()
    before = net[0][0].weight.copy()
    net.zero_grad_parameters()
    net.forward(X)
    net.backward(X, DY)
    net.update_parameters(0.5)
    np.testing.assert_allclose(net[0][0].weight, before - 0.5 * net[0][0].grad_weight)


# Noise


def test_noise_differs_between_places_and_follows_the_seed() -> None:
    def passed() -> list[Array]:
        nn.manual_seed(3)
        dropout = nn.Dropout(0.5)
        dropout.forward(np.ones((4, 50)))  # its stream has begun
        net = nn.ConcatTable([dropout, dropout])
        return [y.copy() for y in net.forward(np.ones((4, 50)))]

    first, second = passed()
    assert np.mean(first != second) > 0.3
    for again, expected in zip(passed(), (first, second), strict=True):
        np.testing.assert_array_equal(again, expected)


def test_the_gradient_of_noise_is_that_of_its_place() -> None:
    net = made(spec("Sequential", named({"type": "Dropout"}), AGAIN))
    x = np.ones((4, 50))
    y = net.forward(x)
    np.testing.assert_array_equal(net.backward(x, x), y)  # y = x m n, and dx = dy n m


# Errors


def test_a_module_inside_itself_is_refused() -> None:
    inner = nn.Sequential()
    net = nn.Sequential([inner])
    inner.add(net)
    with pytest.raises(ModuleError, match="Sequential is inside itself"):
        net.forward(X)


class Twofold(nn.Module):
    """A module with children in attributes."""

    def __init__(self, one: nn.Module, two: nn.Module) -> None:
        self.one, self.two = one, two

    def children(self) -> list[nn.Module]:
        return [self.one, self.two]


def test_a_second_place_outside_of_modules_shows_how_to_clone() -> None:
    block = nn.Sequential([nn.Linear(3, 3), nn.BatchNormalization(3)])
    names = ("weight", "grad_weight", "bias", "grad_bias", "running_mean", "running_var")
    with pytest.raises(ModuleError) as caught:
        nn.Sequential([Twofold(block, block)]).forward(X)
    assert str(caught.value) == (
        f"Sequential is used twice, but stores the output of one use; put clone({', '.join(map(repr, names))}) "
        "into Twofold"
    )
    net = nn.Sequential([Twofold(block, block.clone(*names))])
    net.get_parameters()
    assert net[0].one[1].running_mean is net[0].two[1].running_mean


def test_the_clones_of_a_map_in_two_places_have_nothing_of_their_own() -> None:
    table = nn.MapTable(nn.Linear(3, 3).double())
    net = nn.ParallelTable([table, table])
    x, dy = [[X, OTHER], [OTHER]], [[DY, DY], [DY]]
    net.forward(x)
    net.backward(x, dy)
    np.testing.assert_allclose(table.module.grad_weight, DY.T @ (X + 2 * OTHER))
    with pytest.raises(ModuleError, match="cannot be used twice: its clones do not share bias, grad_bias"):
        nn.ParallelTable([nn.MapTable(nn.Linear(3, 3), shared=False)] * 2).forward(x)
