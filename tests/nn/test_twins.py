"""One module used several times: each use computes independently, for any way of construction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from tests.nn.two_places import AGAIN, DY, LINEAR, OTHER, TANH, X, affine, hold, made, named, normalized, pair, spec

# Gradients


def test_a_siamese_network() -> None:
    net = made(spec("ParallelTable", named(LINEAR), spec("Sequential", AGAIN, TANH)))

    def value(x: Any, w: Array, b: Array) -> Any:
        return [affine(x[0], w, b), np.tanh(affine(x[1], w, b))]

    hold(net, [X, OTHER], [DY, DY[::-1]], value, *pair(net[0]))


def test_a_layer_twice_in_a_chain() -> None:
    net = made(spec("Sequential", named(LINEAR), TANH, AGAIN))
    hold(net, X, DY, lambda x, w, b: affine(np.tanh(affine(x, w, b)), w, b), *pair(net[0]))


def test_a_recurrence_of_three_steps() -> None:
    net = made(spec("Sequential", named(spec("Sequential", LINEAR, TANH)), AGAIN, AGAIN))

    def value(x: Array, w: Array, b: Array) -> Array:
        for _ in range(3):
            x = np.tanh(affine(x, w, b))
        return x

    hold(net, X, DY, value, *pair(net[0][0]))


def test_a_layer_in_two_branches_of_the_same_input() -> None:
    net = made(spec("ConcatTable", named(LINEAR), spec("Sequential", TANH, AGAIN), AGAIN))

    def value(x: Array, w: Array, b: Array) -> Any:
        return [affine(x, w, b), affine(np.tanh(x), w, b), affine(x, w, b)]

    hold(net, X, [DY, 2 * DY, DY**2], value, *pair(net[0]))


def test_batch_normalization_twice_with_running_statistics_of_both() -> None:
    net = made(spec("Sequential", named({"type": "BatchNormalization", "n_output": 3}), TANH, AGAIN))

    def value(x: Array, w: Array, b: Array) -> Array:
        return normalized(np.tanh(normalized(x, w, b)), w, b)

    hold(net, X, DY, value, *pair(net[0]))
    mean, var = np.zeros(3), np.ones(3)
    net[2].running_mean[...], net[2].running_var[...] = mean, var
    net.forward(X)
    first, second = X, np.tanh(normalized(X, net[0].weight, net[0].bias))
    for x in (first, second):
        mean = 0.9 * mean + 0.1 * x.mean(axis=0)
        var = 0.9 * var + 0.1 * x.var(axis=0, ddof=1)
    np.testing.assert_allclose(net[0].running_mean, mean, rtol=1e-12)
    np.testing.assert_allclose(net[2].running_var, var, rtol=1e-12)


def test_a_container_with_parameters_twice() -> None:
    net = made(spec("Sequential", named({"type": "WeightNorm", "module": LINEAR}), TANH, AGAIN))
    parameters, gradients = net[0].parameters()

    def value(x: Array, v: Array, g: Array, b: Array) -> Array:
        w = g * v / np.sqrt(np.square(v).sum(axis=1, keepdims=True) + 1e-4)
        return affine(np.tanh(affine(x, w, b)), w, b)

    hold(net, X, DY, value, parameters, gradients)


def test_an_unpooling_in_a_block_belongs_to_the_pooling_of_its_place() -> None:
    pool = {"type": "SpatialMaxPooling", "kw": 2, "kh": 2, "id": "pool"}
    block = spec("Sequential", pool, {"type": "SpatialMaxUnpooling", "pooling": {"ref": "pool"}})
    net = made(spec("ParallelTable", named(block), AGAIN))
    one, two = np.eye(4).reshape(1, 1, 4, 4) + 1, np.eye(4)[::-1].reshape(1, 1, 4, 4) + 1
    net.forward([one, two])
    dx = net.backward([one, two], [np.ones((1, 1, 4, 4))] * 2)
    # The maximum of a window of the diagonal is on it; windows off it are constant, and their first pixel counts.
    first = [[1, 0, 1, 0], [0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    np.testing.assert_array_equal(dx[0][0, 0], first)
    np.testing.assert_array_equal(dx[1][0, 0], [[1, 0, 0, 1], [0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]])


# Ways to use a module twice


def by_constructor(linear: Any) -> Any:
    return nn.Sequential([linear, nn.Tanh(), linear])


def by_add(linear: Any) -> Any:
    return nn.Sequential().add(linear).add(nn.Tanh()).add(linear)


def by_insert(linear: Any) -> Any:
    return nn.Sequential([nn.Tanh(), linear]).insert(linear, 0)


def by_an_item(linear: Any) -> Any:
    net = nn.Sequential([linear, nn.Tanh(), nn.Linear(3, 3)])
    net.modules[2] = linear
    return net


def by_a_slice(linear: Any) -> Any:
    net = nn.Sequential()
    net.modules[:] = [linear, nn.Tanh(), linear]
    return net


def by_a_list(linear: Any) -> Any:
    net = nn.Sequential()
    net.modules = [linear, nn.Tanh(), linear]
    return net


def by_the_lists_methods(linear: Any) -> Any:
    net = nn.Sequential()
    net.modules += [linear]
    net.modules.extend([nn.Tanh()])
    net.modules.append(linear)
    return net


def by_a_multiple(linear: Any) -> Any:
    net = nn.Sequential([linear, nn.Tanh()])
    modules = net.modules
    modules *= 2
    modules.pop()
    return net


def by_two_chains(linear: Any) -> Any:
    return nn.Sequential([nn.Sequential([linear, nn.Tanh()]), nn.Sequential([linear])])


def by_an_inner_chain_later(linear: Any) -> Any:
    net = nn.Sequential([linear, nn.Sequential([nn.Tanh()])])
    net.forward(X)
    net.get_parameters()
    net[1].add(linear)
    return net


def by_an_inner_list_later(linear: Any) -> Any:
    net = nn.Sequential([linear, nn.Sequential([nn.Tanh()])])
    net.forward(X)
    net[1].modules = [nn.Tanh(), linear]
    return net


def by_replacement(linear: Any) -> Any:
    net = nn.Sequential([nn.Sigmoid(), nn.Tanh(), nn.Sigmoid()])
    net.replace(lambda module: linear if type(module).__name__ == "Sigmoid" else module)
    return net


def by_a_spec_with_modules(linear: Any) -> Any:
    return nn.build(spec("Sequential", linear, TANH, linear))


def by_a_decorator(linear: Any) -> Any:
    return nn.Sequential([linear, nn.Tanh(), nn.Bottle(linear)])


WAYS = [function for name, function in list(globals().items()) if name.startswith("by_")]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_module_that_is_put_into_two_places_computes_in_both(way: Callable[[Any], Any]) -> None:
    linear = nn.Linear(3, 3).double()
    net = way(linear).double()
    hold(net, X, DY, lambda x, w, b: affine(np.tanh(affine(x, w, b)), w, b), *pair(linear))
