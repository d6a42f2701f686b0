"""Gradients, their accumulation, and updates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn

X = np.random.default_rng(5).normal(size=(4, 3))
DY = np.random.default_rng(6).normal(size=(4, 2))


def linear() -> Any:
    """Return a float64 layer with gradients of ones."""
    module = nn.Linear(3, 2).double()
    for gradient in module.parameters()[1]:
        gradient[...] = 1
    return module


def test_zero_grad_parameters_zeroes_every_gradient() -> None:
    net = nn.Sequential([linear(), nn.ConcatTable([linear()])])
    net.zero_grad_parameters()
    assert not any(gradient.any() for gradient in net.parameters()[1])


def test_an_update_takes_a_step_against_the_gradient() -> None:
    module = linear()
    before = module.weight.copy()
    module.update_parameters(0.1)
    np.testing.assert_allclose(module.weight, before - 0.1)


def test_a_pair_shared_by_two_children_is_updated_once() -> None:
    first = linear()
    net = nn.ConcatTable([first, first.clone("weight", "bias", "grad_weight", "grad_bias")])
    before = first.weight.copy()
    net.update_parameters(0.1)
    np.testing.assert_allclose(first.weight, before - 0.1)


def test_a_pair_shared_across_levels_is_updated_once() -> None:
    first = linear()
    net = nn.ConcatTable([first, nn.ConcatTable([nn.ConcatTable([first]), nn.Tanh()])])
    before = first.bias.copy()
    net.update_parameters(0.1)
    np.testing.assert_allclose(first.bias, before - 0.1)


def test_a_transposed_tie_is_updated_once() -> None:
    encode, decode = nn.Linear(3, 2, bias=False).double(), nn.Linear(2, 3, bias=False).double()
    decode.weight, decode.grad_weight = encode.weight.T, encode.grad_weight.T
    encode.grad_weight[...] = 1
    before = encode.weight.copy()
    nn.Sequential([encode, decode]).update_parameters(0.1)
    np.testing.assert_allclose(encode.weight, before - 0.1)


def test_with_shared_weights_and_separate_gradients_each_gradient_counts() -> None:
    first = linear()
    net = nn.ConcatTable([first, first.clone("weight", "bias")])
    before = first.weight.copy()
    net.update_parameters(0.1)
    np.testing.assert_allclose(first.weight, before - 0.2)


def test_a_container_lets_a_child_update_itself() -> None:
    class Stubborn(type(nn.Linear(1, 1))):  # type: ignore[misc]
        def update_parameters(self, learning_rate: float) -> None:
            self.weight[...] = 7

    module = Stubborn(3, 2)
    nn.Sequential([module]).update_parameters(0.1)
    assert (module.weight == 7).all()


def test_the_update_in_one_go_keeps_the_gradients_of_an_unshared_module() -> None:
    module, twin = linear(), None
    twin = module.clone()
    module.forward(X)
    dx = module.backward_update(X, DY, 0.1)
    np.testing.assert_allclose(dx, DY @ twin.weight)
    np.testing.assert_allclose(module.weight, twin.weight - 0.1 * DY.T @ X)
    np.testing.assert_allclose(module.bias, twin.bias - 0.1 * DY.sum(0))
    assert (module.grad_weight == 1).all()
    assert (module.grad_bias == 1).all()


def test_the_update_in_one_go_of_a_shared_module_starts_from_zero() -> None:
    module = linear()
    before = module.weight.copy()
    other = module.clone("weight", "bias", "grad_weight", "grad_bias")
    module.forward(X)
    module.acc_update_grad_parameters(X, DY, 0.1)
    np.testing.assert_allclose(other.weight, before - 0.1 * DY.T @ X)
    np.testing.assert_allclose(module.grad_weight, DY.T @ X)


def test_the_update_in_one_go_of_a_network_is_gradient_then_update() -> None:
    net = nn.Sequential([linear(), nn.Tanh(), nn.Linear(2, 2).double()])
    twin = net.clone()
    net.forward(X)
    dx = net.backward_update(X, DY, 0.1).copy()
    twin.zero_grad_parameters()
    twin.forward(X)
    np.testing.assert_allclose(dx, twin.backward(X, DY))
    twin.update_parameters(0.1)
    for ours, theirs in zip(net.parameters()[0], twin.parameters()[0], strict=True):
        np.testing.assert_allclose(ours, theirs)


def test_scale_multiplies_the_gradients_of_parameters_only() -> None:
    module = nn.Linear(3, 2).double()
    module.forward(X)
    np.testing.assert_allclose(module.backward(X, DY, 0.5), DY @ module.weight)
    np.testing.assert_allclose(module.grad_weight, 0.5 * DY.T @ X)


def test_a_call_is_forward_and_with_a_gradient_also_backward() -> None:
    module = nn.Linear(3, 2).double()
    assert module(X) is module.output
    y, dx = module(X, DY)
    assert y is module.output
    assert dx is module.grad_input
    assert module.grad_weight.any()


def test_reset_draws_the_parameters_anew() -> None:
    net = nn.Sequential([nn.Linear(3, 2)])
    before = net[0].weight.copy()
    net.reset()
    assert not (net[0].weight == before).any()
    assert np.abs(net[0].weight).max() <= 3**-0.5


def test_reset_hands_the_deviation_to_the_children() -> None:
    net = nn.Sequential([nn.Linear(40, 50)])
    net.reset(0.01)
    assert np.abs(net[0].weight).max() <= 0.01 * 3**0.5
    assert net[0].weight.std() == pytest.approx(0.01, rel=0.1)


def test_a_module_without_parameters_has_two_empty_lists() -> None:
    assert nn.Tanh().parameters() == ([], [])


def test_clear_state_forgets_results_and_keeps_what_was_learned() -> None:
    net = nn.Sequential([nn.Linear(3, 2), nn.Tanh()]).double()
    y = net.forward(X).copy()
    net.backward(X, DY)
    gradient = net[0].grad_weight.copy()
    assert net.clear_state() is net
    assert all(module.output.size == module.grad_input.size == 0 for module in net.list_modules())
    np.testing.assert_array_equal(net[0].grad_weight, gradient)
    np.testing.assert_array_equal(net.forward(X), y)
