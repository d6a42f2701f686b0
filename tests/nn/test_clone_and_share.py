"""clone() and share(): what is one thing afterwards, and what is two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ModuleError

X = np.random.default_rng(5).normal(size=(4, 3)).astype(np.float32)


def test_a_clone_computes_the_same_in_memory_of_its_own() -> None:
    net = nn.Sequential([nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)])
    y = net.forward(X).copy()
    twin = net.clone()
    np.testing.assert_array_equal(twin.forward(X), y)
    twin[0].weight[...] = 0
    np.testing.assert_array_equal(net.forward(X), y)


def test_a_clone_takes_outputs_and_modes_along() -> None:
    net = nn.Sequential([nn.Linear(3, 2)])
    net.evaluate()
    net.forward(X)
    twin = net.clone()
    assert not twin.train
    assert not twin[0].train
    np.testing.assert_array_equal(twin.output, net.output)
    assert twin.output is not net.output


def test_a_clone_can_go_on_where_the_original_was() -> None:
    net = nn.Sequential([nn.Linear(3, 2), nn.Tanh()])
    net.forward(X)
    dx = net.clone().backward(X, np.ones((4, 2), np.float32))
    np.testing.assert_array_equal(dx, net.backward(X, np.ones((4, 2), np.float32)))


def test_a_module_in_two_places_shares_in_the_clone_but_not_with_the_original() -> None:
    linear = nn.Linear(3, 3)
    twin = nn.ConcatTable([linear, nn.Sequential([linear])]).clone()
    assert twin[0].weight is twin[1][0].weight
    assert not np.shares_memory(twin[0].weight, linear.weight)


def test_views_of_one_array_are_views_of_one_array_in_the_clone() -> None:
    encode, decode = nn.Linear(4, 2), nn.Linear(2, 4)
    decode.weight, decode.grad_weight = encode.weight.T, encode.grad_weight.T
    twin = nn.Sequential([encode, decode]).clone()
    twin[0].weight[1, 3] = 8
    assert twin[1].weight[3, 1] == 8
    assert encode.weight[1, 3] != 8


def test_a_clone_of_a_flattened_network_is_flattened_in_memory_of_its_own() -> None:
    net = nn.Sequential([nn.Linear(3, 4), nn.Linear(4, 2)])
    flat, _ = net.get_parameters()
    twin = net.clone()
    kept = twin[1].weight.copy()
    flat[:] = 0
    np.testing.assert_array_equal(twin[1].weight, kept)
    np.testing.assert_array_equal(twin.get_parameters()[0][-10:-2], kept.ravel())


def test_a_clone_with_names_shares_these_and_no_others() -> None:
    linear = nn.Linear(3, 2)
    twin = linear.clone("weight", "grad_weight")
    assert twin.weight is linear.weight
    assert twin.grad_weight is linear.grad_weight
    assert not np.shares_memory(twin.bias, linear.bias)
    assert twin.shared
    assert linear.shared


def test_a_clone_of_a_container_shares_child_by_child() -> None:
    net = nn.Sequential([nn.Linear(3, 4), nn.Tanh(), nn.Sequential([nn.Linear(4, 2)])])
    twin = net.clone("weight", "bias")
    assert twin[2][0].weight is net[2][0].weight
    assert twin[0].bias is net[0].bias


def test_share_makes_the_array_that_of_the_other() -> None:
    a, b = nn.Linear(3, 2), nn.Linear(3, 2)
    assert a.share(b, "weight") is a
    b.weight[0, 0] = 4
    assert a.weight[0, 0] == 4
    assert not np.shares_memory(a.grad_weight, b.grad_weight)


def test_share_skips_what_self_lacks() -> None:
    a, b = nn.Linear(3, 2, bias=False), nn.Linear(3, 2)
    a.share(b, "weight", "bias")
    assert a.weight is b.weight
    assert a.bias is None


def test_share_of_what_the_other_lacks_is_an_error() -> None:
    a, b = nn.Linear(3, 2), nn.Linear(3, 2, bias=False)
    with pytest.raises(ModuleError, match=r"Linear\(3 -> 2\) cannot share 'bias' with Linear\(3 -> 2\) without bias"):
        a.share(b, "bias")


def test_share_of_containers_with_another_number_of_modules_is_an_error() -> None:
    a, b = nn.Sequential([nn.Linear(3, 2)]), nn.Sequential([nn.Linear(3, 2), nn.Tanh()])
    with pytest.raises(ModuleError, match="1 modules cannot share with Sequential of 2"):
        a.share(b, "weight")


def test_an_error_of_share_shows_which_child() -> None:
    a = nn.Sequential([nn.Tanh(), nn.Linear(3, 2)])
    b = nn.Sequential([nn.Tanh(), nn.Tanh()])
    with pytest.raises(ModuleError, match=r"in Sequential\[1\] > Linear"):
        a.share(b, "weight")


@pytest.mark.parametrize(
    ("net", "who", "has"),
    [
        (nn.Linear(3, 2), r"Linear\(3 -> 2\)", "weight, grad_weight, bias, grad_bias"),
        (nn.Sequential([nn.Linear(3, 2), nn.Tanh()]), "Sequential", "weight, grad_weight, bias, grad_bias"),
        (nn.Tanh(), "Tanh", "no names"),
    ],
)
def test_a_name_that_no_array_has_is_an_error(net: Any, who: str, has: str) -> None:
    wanted = rf"{who} cannot share 'weights': expected one of {has}; did you mean 'weight'\?"
    with pytest.raises(ModuleError, match=wanted):
        net.clone("weights")
    with pytest.raises(ModuleError, match=wanted):
        net.share(net.clone(), "weights")


def test_a_network_without_the_usual_names_can_be_asked_for_them() -> None:
    nn.Sequential([nn.Tanh()]).clone("weight", "bias", "grad_weight", "grad_bias")


def test_share_of_another_shape_is_an_error_and_changes_nothing() -> None:
    a, b = nn.Linear(3, 2), nn.Linear(3, 4)
    kept = a.weight
    with pytest.raises(ModuleError, match=r"expected shape \(2, 3\), got \(4, 3\)"):
        a.share(b, "weight")
    assert a.weight is kept


def test_gradients_of_a_shared_pair_add_up_in_one_place() -> None:
    a = nn.Linear(3, 2)
    b = a.clone("weight", "bias", "grad_weight", "grad_bias")
    dy = np.ones((4, 2), np.float32)
    for linear in (a, b):
        linear.forward(X)
        linear.backward(X, dy)
    np.testing.assert_allclose(a.grad_weight, 2 * dy.T @ X, rtol=1e-5)


def test_a_criterion_has_a_clone_of_its_own() -> None:
    criterion: Any = nn.ClassNLLCriterion([1.0, 2.0])
    twin = criterion.clone()
    x, t = np.log([[0.25, 0.75], [0.5, 0.5]]), np.array([1, 0])
    assert twin(x, t)[0] == criterion(x, t)[0]
    twin.weights[...] = 5
    assert criterion.weights[0] == 1
