"""Parameters of a container itself are trained, flattened, shared, zeroed, updated and saved."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.errors import ModuleError
from nntrain.nn.parameter import get_memory_key, parameter

X = np.array([[1.0, 2.0], [3.0, -1.0]])


class Scaled(nn.Sequential):  # type: ignore[misc, name-defined]
    """y = s f(x), s one number."""

    parameter_names = ("s",)

    def __init__(self, modules: list[nn.Module] | None = None) -> None:
        super().__init__(modules)
        self.s, self.grad_s = parameter(1)
        self.s[0] = 2

    def update_output(self, x: Array) -> Array:
        self.inner = super().update_output(x)
        self.output = self.inner * self.s
        return self.output

    def backward(self, x: Array, dy: Array, scale: float = 1) -> Array:
        self.grad_s += scale * np.sum(dy * self.inner)
        dx: Array = super().backward(x, dy * self.s, scale)
        return dx


def scaled() -> Scaled:
    """y = 2 x W with W = [[1, 2]]."""
    net = Scaled([nn.Linear(2, 1, bias=False)])
    net[0].weight[...] = [[1, 2]]
    net.double()
    return net


def test_its_parameters_come_after_those_of_its_modules() -> None:
    net = scaled()
    assert [array.tolist() for array in nn.Sequential([net]).parameters()[0]] == [[[1, 2]], [2]]


def test_gradients_are_computed_zeroed_and_applied() -> None:
    net = nn.Sequential([scaled()])
    y = net.forward(X)
    assert y.tolist() == [[10], [2]]
    net.backward(X, np.ones((2, 1)))
    # d/ds = 5 + 1, d/dW = 2 (x_0 + x_1)
    assert [array.tolist() for array in net.parameters()[1]] == [[[8, 2]], [6]]
    net.update_parameters(0.5)
    assert [array.tolist() for array in net.parameters()[0]] == [[[-3, 1]], [-1]]
    net.zero_grad_parameters()
    assert not any(gradient.any() for gradient in net.parameters()[1])


def test_it_lies_in_the_flat_vector() -> None:
    net = nn.Sequential([scaled()])
    w, dw = net.get_parameters()
    assert w.tolist() == [1, 2, 2]
    w[2] = 7
    dw[2] = 9
    assert (net[0].s[0], net[0].grad_s[0]) == (7, 9)


def test_a_state_keeps_it() -> None:
    net, other = nn.Sequential([scaled()]), nn.Sequential([scaled()])
    net[0].s[0] = 5
    other.restore(net.state())
    assert other[0].s[0] == 5


def test_it_is_shared_by_name_and_with_nothing_else() -> None:
    net = nn.Sequential([scaled()])
    twin = net.clone("s", "grad_s")
    assert get_memory_key(twin[0].s) == get_memory_key(net[0].s)
    assert get_memory_key(twin[0].grad_s) == get_memory_key(net[0].grad_s)
    assert get_memory_key(twin[0][0].weight) != get_memory_key(net[0][0].weight)


def test_a_pair_shared_with_a_module_inside_is_updated_once() -> None:
    net = scaled()
    net.add(nn.Mul().double())
    net[1].weight, net[1].grad_weight = net.s, net.grad_s
    net.grad_s[0] = 1
    net.update_parameters(0.5)
    assert net.s[0] == 1.5


def test_a_chain_that_learns_itself_runs_backward_to_its_beginning() -> None:
    net = nn.Sequential([Scaled([nn.Tanh(), nn.Linear(2, 1, bias=False)])])
    net.skip_grad_input()
    net.forward(X.astype(np.float32))
    net.backward(X.astype(np.float32), np.ones((2, 1), np.float32))
    inner = np.tanh(X) @ net[0][1].weight[0]
    np.testing.assert_allclose(net[0].grad_s, [inner.sum()], rtol=1e-5)


def test_a_parameter_without_a_gradient_is_an_error() -> None:
    net = scaled()
    del net.grad_s
    with pytest.raises(ModuleError, match="Scaled: the parameter 's' has no gradient; set 'grad_s'"):
        net.parameters()
