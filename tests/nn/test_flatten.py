"""get_parameters: the layout of the two vectors, what stays shared, and what cannot be laid out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ModuleError
from nntrain.nn.module import Module
from nntrain.nn.parameter import parameter


class Given(Module):
    """A module with the given parameters and gradients."""

    def __init__(self, weight: Any, grad_weight: Any, bias: Any = None, grad_bias: Any = None) -> None:
        self.weight, self.grad_weight, self.bias, self.grad_bias = weight, grad_weight, bias, grad_bias


def numbers(*shape: int, start: int = 0) -> Any:
    """Return an array start, start + 1, ... that owns its memory."""
    array = np.empty(shape, np.float32)
    array.flat[:] = np.arange(start, start + array.size)
    return array


def test_the_order_is_that_of_parameters() -> None:
    net = nn.Sequential([nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)])
    wanted = np.concatenate([parameter.ravel() for parameter in net.parameters()[0]])
    flat, flat_gradient = net.get_parameters()
    np.testing.assert_array_equal(flat, wanted)
    assert flat.shape == flat_gradient.shape == (3 * 2 + 2 + 2 + 1,)


def test_parameters_and_gradients_become_views_of_the_vectors() -> None:
    net = nn.Sequential([nn.Linear(3, 2), nn.Linear(2, 1)])
    flat, flat_gradient = net.get_parameters()
    flat[:] = np.arange(len(flat))
    flat_gradient[:] = -np.arange(len(flat))
    np.testing.assert_array_equal(net[0].weight, [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(net[1].bias, [10])
    np.testing.assert_array_equal(net[1].grad_weight, [[-8, -9]])


def test_a_shared_parameter_is_placed_once_and_stays_shared() -> None:
    first = nn.Linear(3, 3)
    net = nn.Sequential([first, nn.Tanh(), first.clone("weight", "bias", "grad_weight", "grad_bias")])
    flat, _ = net.get_parameters()
    assert flat.shape == (12,)
    net[0].weight[1, 2] = 7
    assert net[2].weight[1, 2] == 7
    assert net[2].weight is net[0].weight or np.shares_memory(net[2].weight, net[0].weight)


def test_one_module_in_two_places_is_placed_once() -> None:
    linear = nn.Linear(3, 3)
    net = nn.ConcatTable([linear, linear])
    flat, _ = net.get_parameters()
    assert flat.shape == (12,)
    assert len(net.parameters()[0]) == 4


def test_a_transposed_tie_stays_one() -> None:
    encode, decode = nn.Linear(4, 2, bias=False), nn.Linear(2, 4, bias=False)
    decode.weight, decode.grad_weight = encode.weight.T, encode.grad_weight.T
    before = encode.weight.copy()
    flat, flat_gradient = nn.Sequential([encode, decode]).get_parameters()
    assert flat.shape == flat_gradient.shape == (8,)
    np.testing.assert_array_equal(decode.weight, before.T)
    flat[1] = 42
    assert encode.weight[0, 1] == decode.weight[1, 0] == 42
    decode.grad_weight[3, 1] = 5
    assert encode.grad_weight[1, 3] == flat_gradient[7] == 5


def test_overlapping_views_keep_their_overlap() -> None:
    memory, gradient = numbers(10), numbers(10)
    net = nn.Sequential([Given(memory[:6], gradient[:6]), Given(memory[4:], gradient[4:])])
    flat, _ = net.get_parameters()
    np.testing.assert_array_equal(flat, np.arange(10))
    net[0].weight[5] = -1
    assert net[1].weight[1] == -1


def test_views_of_one_array_are_in_the_order_of_the_array() -> None:
    memory, gradient = numbers(6), numbers(6)
    net = nn.Sequential([Given(memory[3:], gradient[3:]), Given(memory[:3], gradient[:3])])
    flat, _ = net.get_parameters()
    np.testing.assert_array_equal(flat, np.arange(6))
    np.testing.assert_array_equal(net[0].weight, [3, 4, 5])


def test_holes_are_closed() -> None:
    memory, gradient = numbers(10), numbers(10)
    net = nn.Sequential([Given(memory[1:3], gradient[1:3]), Given(memory[6:9], gradient[6:9])])
    flat, _ = net.get_parameters()
    np.testing.assert_array_equal(flat, [1, 2, 6, 7, 8])
    np.testing.assert_array_equal(net[1].weight, [6, 7, 8])


def test_holes_are_closed_in_the_gradients_on_their_own() -> None:
    net = Given(numbers(10)[2:5], numbers(3))
    flat, flat_gradient = net.get_parameters()
    np.testing.assert_array_equal(flat, [2, 3, 4])
    np.testing.assert_array_equal(flat_gradient, [0, 1, 2])


def test_a_column_slice_is_not_compact() -> None:
    with pytest.raises(ModuleError, match="not contiguous"):
        Given(numbers(4, 5)[:, 1:3], numbers(4, 5)[:, 1:3]).get_parameters()


def test_two_halves_that_cover_a_matrix_column_by_column_are_not_compact() -> None:
    memory, gradient = numbers(4, 4), numbers(4, 4)
    net = nn.Sequential([Given(memory[:, :2], gradient[:, :2]), Given(memory[:, 2:], gradient[:, 2:])])
    with pytest.raises(ModuleError, match="not contiguous"):
        net.get_parameters()


def test_weights_shared_without_their_gradients_are_an_error() -> None:
    first = nn.Linear(3, 3)
    net = nn.Sequential([first, first.clone("weight", "bias")])
    with pytest.raises(ModuleError, match="share parameters together with their gradients"):
        net.get_parameters()


def test_a_parameter_that_lies_elsewhere_than_its_gradient_is_misaligned() -> None:
    memory, gradient = numbers(6), numbers(6)
    net = nn.Sequential([Given(memory[:3], gradient[3:]), Given(memory[3:], gradient[:3])])
    with pytest.raises(ModuleError, match="misaligned parameter 0"):
        net.get_parameters()


def test_a_failed_call_leaves_the_parameters_where_they_were() -> None:
    first = nn.Linear(3, 3)
    net = nn.Sequential([first, first.clone("weight", "bias")])
    weight = first.weight
    with pytest.raises(ModuleError):
        net.get_parameters()
    assert net[0].weight is weight
    assert net[1].weight is weight


def test_a_second_call_makes_new_vectors_and_the_old_ones_are_dead() -> None:
    linear = nn.Linear(3, 2)
    old, _ = linear.get_parameters()
    new, _ = linear.get_parameters()
    np.testing.assert_array_equal(new, old)
    old[:] = 0
    assert linear.weight.any()
    new[:] = 1
    assert (linear.weight == 1).all()


def test_a_call_on_a_part_takes_it_out_of_the_whole() -> None:
    net = nn.Sequential([nn.Linear(3, 2), nn.Linear(2, 1)])
    whole, _ = net.get_parameters()
    part, _ = net[0].get_parameters()
    whole[:] = 5
    assert not (net[0].weight == 5).any()
    assert (net[1].weight == 5).all()
    assert np.shares_memory(part, net[0].weight)


def test_without_parameters_both_vectors_are_empty() -> None:
    flat, flat_gradient = nn.Sequential([nn.Tanh()]).get_parameters()
    assert flat.shape == flat_gradient.shape == (0,)


def test_the_vectors_have_the_type_of_the_parameters() -> None:
    assert nn.Linear(3, 2).get_parameters()[0].dtype == np.float32
    assert nn.Linear(3, 2).double().get_parameters()[1].dtype == np.float64


def test_parameters_of_two_types_are_an_error() -> None:
    net = nn.Sequential([nn.Linear(2, 2), nn.Linear(2, 2).double()])
    with pytest.raises(ModuleError, match="expected parameters of one element type"):
        net.get_parameters()


def test_a_conversion_takes_new_memory_that_the_parameters_still_share() -> None:
    net = nn.Sequential([nn.Linear(3, 2), nn.Linear(2, 1)])
    flat, _ = net.get_parameters()
    net.double()
    flat[:] = 0
    assert net[0].weight.any()
    assert net[0].weight.base is not None
    assert net[0].weight.base is net[1].weight.base


def test_a_converted_network_can_be_flattened_again() -> None:
    net = nn.Sequential([nn.Linear(3, 2), nn.Linear(2, 1)])
    flat, _ = net.get_parameters()
    again, _ = net.double().get_parameters()
    np.testing.assert_array_equal(again, flat)


def test_training_in_the_vectors_is_training_the_network() -> None:
    net = nn.Sequential([nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)]).double()
    twin = net.clone()
    flat, flat_gradient = net.get_parameters()
    x = np.random.default_rng(0).normal(size=(5, 3))
    for network in (net, twin):
        network.zero_grad_parameters()
        network.forward(x)
        network.backward(x, np.ones((5, 1)))
    flat -= 0.1 * flat_gradient
    twin.update_parameters(0.1)
    np.testing.assert_array_equal(net.forward(x), twin.forward(x))


def test_a_new_parameter_and_its_gradient_are_zero_and_float32() -> None:
    for array in parameter(2, 3):
        assert array.dtype == np.float32
        assert not array.any()
