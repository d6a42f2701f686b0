"""One module in several places: each computes by itself, and all learn the same parameters.

Expected values are computed here in numpy, gradients as differences of a loss that is written out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ModuleError
from nntrain.nn.array import Array

RANDOM = np.random.default_rng(16)
X = RANDOM.normal(size=(5, 3))
OTHER = RANDOM.normal(size=(5, 3))
DY = RANDOM.normal(size=(5, 3))

LINEAR = {"type": "Linear", "input_size": 3, "output_size": 3}
TANH = {"type": "Tanh"}


def spec(name: str, *modules: Any, **more: Any) -> dict[str, Any]:
    return {"type": name, "modules": list(modules), **more}


def named(module: dict[str, Any], name: str = "a") -> dict[str, Any]:
    return {**module, "id": name}


AGAIN = {"ref": "a"}


def made(description: dict[str, Any]) -> Any:
    return nn.build(description).double()


def differences(loss: Callable[[], float], array: Array) -> Array:
    """The gradient of a loss with respect to an array that it reads."""
    slope = np.zeros_like(array)
    for at in np.ndindex(array.shape):
        kept = array[at]
        array[at] = kept + 1e-6
        above = loss()
        array[at] = kept - 1e-6
        slope[at] = (above - loss()) / 2e-6
        array[at] = kept
    return slope


def hold(net: Any, x: Any, dy: Any, value: Callable[..., Any], parameters: list[Array], gradients: list[Array]) -> None:
    """The output is ``value(x, *parameters)``, and the gradients are those of Σ output · dy."""

    def loss() -> float:
        y = value(x, *parameters)
        return float(sum(np.sum(a * b) for a, b in zip(y, dy, strict=True)))

    net.zero_grad_parameters()
    got = net.forward(x)
    for one, expected in zip(got, value(x, *parameters), strict=True):
        np.testing.assert_allclose(one, expected, rtol=1e-12, atol=1e-12)
    dx = net.backward(x, dy)
    for one, array in zip(dx if isinstance(x, list) else [dx], x if isinstance(x, list) else [x], strict=True):
        np.testing.assert_allclose(one, differences(loss, array), rtol=1e-6, atol=1e-8)
    for gradient, parameter in zip(gradients, parameters, strict=True):
        np.testing.assert_allclose(gradient, differences(loss, parameter), rtol=1e-6, atol=1e-8)


def affine(x: Array, w: Array, b: Array) -> Array:
    return x @ w.T + b


def normalized(x: Array, w: Array, b: Array) -> Array:
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5) * w + b


def pair(module: Any) -> tuple[list[Array], list[Array]]:
    return [module.weight, module.bias], [module.grad_weight, module.grad_bias]


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


# Ways into a second place


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


# What is shared stays shared


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
    """The form in which a module that was in two places was one object: one stream of noise, and one size."""
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


def test_places_that_part_are_told_before_they_are_trained_or_saved() -> None:
    net = recurrence()
    net[1][0].weight = np.zeros((3, 3))
    for call in (net.get_parameters, net.state):
        with pytest.raises(ModuleError, match=r"Linear\(3 -> 3\) is in two places that no longer share 'weight'"):
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


# What cannot be


def test_a_module_inside_itself_is_refused() -> None:
    inner = nn.Sequential()
    net = nn.Sequential([inner])
    inner.add(net)
    with pytest.raises(ModuleError, match="Sequential is inside itself"):
        net.forward(X)


class Twofold(nn.Module):
    """Keeps its modules in attributes."""

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
        f"Sequential is in two places, but keeps the output of one; put clone({', '.join(map(repr, names))}) "
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
    with pytest.raises(ModuleError, match="cannot be in two places: its clones have bias, grad_bias, grad_weight, wei"):
        nn.ParallelTable([nn.MapTable(nn.Linear(3, 3), shared=False)] * 2).forward(x)
