"""type(): what is converted, and that everything tied stays tied."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError
from nntrain.nn.component import TensorCache
from nntrain.nn.module import Module


class Holding(Module):
    """A module with the given attributes."""

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)


def test_new_modules_hold_float32_and_show_it() -> None:
    assert nn.Linear(2, 1).type() == "float32"
    assert nn.Linear(2, 1).weight.dtype == np.float32
    assert nn.MSECriterion().type() == "float32"


@pytest.mark.parametrize("name", ["float64", np.float64, np.dtype("float64"), "double"])
def test_a_type_may_be_named_in_every_way_of_numpy(name: Any) -> None:
    linear = nn.Linear(2, 1)
    assert linear.type(name) is linear
    assert linear.type() == "float64"
    assert linear.weight.dtype == linear.grad_bias.dtype == np.float64


@pytest.mark.parametrize("name", ["int32", "flaot32", "object"])
def test_another_type_than_a_floating_one_is_an_error(name: str) -> None:
    with pytest.raises(ArgumentError, match="expected a floating-point type"):
        nn.Linear(2, 1).type(name)


def test_the_values_survive_a_conversion() -> None:
    linear = nn.Linear(4, 3)
    before = linear.weight.copy()
    np.testing.assert_array_equal(linear.double().float().weight, before)


def test_an_array_of_the_type_already_stays_the_same_object() -> None:
    linear = nn.Linear(2, 1)
    weight = linear.weight
    assert linear.float().weight is weight


def test_a_cache_keeps_two_networks_tied() -> None:
    a = nn.Linear(3, 2)
    b = a.clone("weight", "grad_weight")
    cache: TensorCache = {}
    a.double(cache)
    b.double(cache)
    a.weight[0, 0] = 9
    assert b.weight[0, 0] == 9
    assert not np.shares_memory(a.bias, b.bias)


def test_without_a_cache_two_networks_are_separated() -> None:
    a = nn.Linear(3, 2)
    b = a.clone("weight")
    a.double()
    b.double()
    assert not np.shares_memory(a.weight, b.weight)


def test_a_flat_vector_converted_with_the_cache_stays_the_networks() -> None:
    linear = nn.Linear(3, 2)
    flat, _ = linear.get_parameters()
    holder = Holding(flat=flat)
    cache: TensorCache = {}
    linear.double(cache)
    holder.double(cache)
    holder.flat[:] = 3  # type: ignore[attr-defined]
    assert (linear.weight == 3).all()


def test_a_transposed_view_stays_one() -> None:
    encode, decode = nn.Linear(4, 2, bias=False), nn.Linear(2, 4, bias=False)
    decode.weight, decode.grad_weight = encode.weight.T, encode.grad_weight.T
    nn.Sequential([encode, decode]).double()
    encode.weight[1, 3] = 6
    assert decode.weight[3, 1] == 6
    assert decode.weight.dtype == np.float64


def test_overlapping_views_stay_overlapping_and_holes_stay_holes() -> None:
    memory = np.arange(12, dtype=np.float32)
    holder = Holding(a=memory[:6], b=memory[4:9], every_third=memory[::3]).double()
    values: Any = holder
    values.a[5] = -1
    assert values.b[1] == -1
    values.every_third[1] = -2
    assert values.a[3] == -2
    np.testing.assert_array_equal(values.every_third, [0, -2, 6, 9])


def test_arrays_of_integers_and_truths_stay_what_they_are() -> None:
    holder: Any = Holding(index=np.arange(3), mask=np.ones(2, bool), bytes=np.ones(2, np.uint8)).double()
    assert holder.index.dtype == np.int64
    assert holder.mask.dtype == bool
    assert holder.bytes.dtype == np.uint8


def test_lists_dicts_and_tuples_are_converted_inside() -> None:
    one = np.zeros(2, np.float32)
    holder: Any = Holding(table=[one, [one]], named={"x": one}, pair=(one, "text")).double()
    found = [holder.table[0], holder.table[1][0], holder.named["x"], holder.pair[0]]
    assert all(array.dtype == np.float64 for array in found)
    assert all(np.shares_memory(array, found[0]) for array in found)


def test_modules_and_criterions_inside_are_converted() -> None:
    net = nn.Sequential([nn.Sequential([nn.Linear(2, 1)])]).double()
    assert net[0][0].weight.dtype == np.float64
    assert net[0][0].type() == net[0].type() == "float64"
    holder: Any = Holding(criterion=nn.ClassNLLCriterion([1.0, 2.0])).double()
    assert holder.criterion.type() == "float64"


def test_a_ring_of_modules_is_converted_once() -> None:
    a: Any = Holding(weight=np.zeros(2, np.float32))
    b: Any = Holding(partner=a)
    a.partner = b
    a.double()
    assert a.weight.dtype == np.float64
    assert b.type() == "float64"


def test_a_network_computes_the_same_after_a_conversion() -> None:
    net = nn.Sequential([nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)])
    x = np.random.default_rng(0).normal(size=(5, 3))
    single = net.forward(x.astype(np.float32)).copy()
    net.double()
    y = net.forward(x)
    assert y.dtype == np.float64
    np.testing.assert_allclose(y, single, atol=1e-6)


def test_the_input_says_the_precision_and_integers_take_the_modules() -> None:
    linear = nn.Linear(3, 2)
    assert linear.forward(np.zeros((1, 3), np.float64)).dtype == np.float64
    assert linear.forward(np.zeros((1, 3), np.int64)).dtype == np.float32
    assert linear.double().forward(np.zeros((1, 3), np.int64)).dtype == np.float64
