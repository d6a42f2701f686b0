"""Changes, growth and errors of containers."""

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ModuleError, ShapeError

X = np.random.default_rng(1).normal(size=(4, 3))


def chain() -> Any:
    return nn.Sequential([nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)])


# Sequential


def test_modules_are_inserted_and_removed_at_a_position() -> None:
    net = chain()
    relu = nn.ReLU()
    assert net.insert(relu, 0) is net
    assert net.get(0) is relu
    net.insert(nn.Identity())
    assert [type(module).__name__ for module in net] == ["ReLU", "Linear", "Tanh", "Linear", "Identity"]
    assert type(net.remove()).__name__ == "Identity"
    assert net.remove(0) is relu
    assert net.size() == len(net) == 3


@pytest.mark.parametrize("index", [-1, 4])
def test_a_position_outside_is_an_index_error(index: int) -> None:
    with pytest.raises(IndexError, match=r"expected an index of 0\.\.3"):
        chain().insert(nn.Tanh(), index)
    with pytest.raises(IndexError, match=r"expected an index of 0\.\.2"):
        chain().remove(index)


def test_output_and_grad_input_are_those_of_the_children() -> None:
    net = chain().double()
    y = net.forward(X)
    dx = net.backward(X, np.ones_like(y))
    assert y is net.output is net.get(2).output
    assert dx is net.grad_input is net.get(0).grad_input


def test_invalid_module_is_refused() -> None:
    with pytest.raises(ArgumentError, match="expected a module, got 3"):
        nn.Sequential().add(3)


# Branches


def test_a_module_without_a_gradient_of_its_input_adds_nothing() -> None:
    class Blind(nn.Module):
        def update_output(self, x: Any) -> Any:
            return self.output_of(x.shape, like=x)

        def update_grad_input(self, x: Any, dy: Any) -> None:
            return None

    for modules in ([Blind(), nn.Tanh()], [nn.Tanh(), Blind()]):
        fan = nn.ConcatTable(modules)
        fan.forward(X)
        alone = nn.Tanh()
        alone.forward(X)
        np.testing.assert_array_equal(fan.backward(X, [X, X]), alone.backward(X, X))


def test_too_few_gradients_are_reported() -> None:
    fan = nn.ConcatTable([nn.Tanh(), nn.Tanh()])
    fan.forward(X)
    with pytest.raises(ModuleError, match="expected 2 gradients, one for each module, got 1"):
        fan.backward(X, [X])


def test_outputs_that_cannot_be_joined_are_reported() -> None:
    with pytest.raises(ShapeError, match=r"expected outputs that differ only along axis 0, got \[\(4, 2\), \(4, 1\)\]"):
        nn.Concat(0, [nn.Linear(3, 2), nn.Linear(3, 1)]).forward(X)
    with pytest.raises(ShapeError, match="including axis 2"):
        nn.Concat(2, [nn.Linear(3, 2), nn.Linear(3, 1)]).forward(X)
    with pytest.raises(ShapeError, match="at least one module"):
        nn.Concat(1).forward(X)


def test_depth_concat_centres_with_the_odd_zero_at_the_end() -> None:
    net = nn.DepthConcat(0, [nn.Narrow(1, 0, 1), nn.Identity(), nn.Narrow(1, 0, 2)])
    y = net.forward(X)
    np.testing.assert_array_equal(y[:4], np.stack([0 * X[:, 0], X[:, 0], 0 * X[:, 0]], 1))
    np.testing.assert_array_equal(y[8:], np.stack([X[:, 0], X[:, 1], 0 * X[:, 0]], 1))


def test_depth_concat_hands_on_its_scale() -> None:
    net = nn.DepthConcat(1, [nn.Linear(3, 2), nn.Linear(3, 1)]).double()
    y = net.forward(X)
    net.backward(X, y, 1)
    once = [gradient.copy() for gradient in net.parameters()[1]]
    net.zero_grad_parameters()
    net.backward(X, y, 0.5)
    for gradient, whole in zip(net.parameters()[1], once, strict=True):
        np.testing.assert_allclose(gradient, whole / 2)


def test_more_slices_than_modules_are_reported() -> None:
    net = nn.Parallel(0, 0, [nn.Linear(3, 2)])
    with pytest.raises(ShapeError, match="expected 1 to 1 slices, one per module, along axis 0, got"):
        net.forward(X)


def test_modules_beyond_the_slices_get_no_gradient() -> None:
    net = nn.Parallel(0, 0, [nn.Linear(3, 2), nn.Linear(3, 2)]).double()
    y = net.forward(X[:1])
    net.backward(X[:1], np.ones_like(y))
    assert net.get(0).grad_bias.tolist() == [1, 1]
    assert net.get(1).grad_bias.tolist() == [0, 0]


def test_a_missing_input_is_reported() -> None:
    with pytest.raises(ShapeError, match=r"expected a list of 2 inputs, got \[\(4, 3\)\]"):
        nn.ParallelTable([nn.Tanh(), nn.Tanh()]).forward([X])


# MapTable


def test_clones_share_weights_and_gradients_and_are_applied_once() -> None:
    net = nn.MapTable(nn.Linear(3, 2)).double()
    y = net.forward([X, X, X])
    assert len(net) == 3
    assert net.get(2).weight is net.get(0).weight
    net.zero_grad_parameters()
    net.backward([X, X, X], [np.ones_like(value) for value in y])
    assert net.get(0).grad_bias.tolist() == [12, 12]
    before = net.get(0).bias.copy()
    net.update_parameters(0.1)
    np.testing.assert_allclose(net.get(0).bias, before - 1.2)


def test_clones_of_their_own_are_copies_of_what_the_module_was() -> None:
    net = nn.MapTable(nn.Linear(3, 2), shared=False)
    net.forward([X, X])
    net.get(0).weight[...] = 0
    assert net.get(1).weight.any()


def test_clones_are_not_dropped_by_a_shorter_table_but_by_clear_state() -> None:
    net = nn.MapTable(nn.Tanh())
    net.forward([X, X])
    net.forward([X])
    assert len(net) == 2
    net.clear_state()
    assert len(net) == 1
    net.resize(3)
    assert len(net) == 3


def test_a_second_module_is_refused() -> None:
    with pytest.raises(ArgumentError, match="MapTable: already contains a module"):
        nn.MapTable(nn.Tanh()).add(nn.Tanh())
    with pytest.raises(ModuleError, match="no module to clone"):
        nn.MapTable().forward([X])
    assert str(nn.MapTable()) == "nn.MapTable { }"


def test_flattened_clones_stay_in_the_flat_vector() -> None:
    net = nn.MapTable(nn.Linear(3, 2)).double()
    w, _ = net.get_parameters()
    net.forward([X, X])
    w[...] = 0
    assert not net.forward([X, X])[1].any()
