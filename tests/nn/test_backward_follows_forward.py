"""``backward`` with another input than the last ``forward`` is an error of one line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ModuleError, ShapeError
from nntrain.nn.module import Module

X = np.random.default_rng(1).normal(size=(4, 3))
DY = np.ones((4, 3))

LAYERS: list[Any] = [
    nn.Linear(3, 3),
    nn.Tanh(),
    nn.SoftMax(),
    nn.ReLU(),
    nn.Dropout(0.5),
    nn.BatchNormalization(3),
    nn.Identity(),
    nn.Reshape([3]),
    nn.CMul([3]),
    nn.PReLU(),
    nn.WeightNorm(nn.Linear(3, 3)),
    nn.Sequential([nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3)]),
    nn.Sequential([nn.ConcatTable([nn.Linear(3, 3), nn.Tanh()]), nn.CAddTable()]),
    nn.Concat(0, [nn.Linear(3, 3)]),
    nn.Bottle(nn.Linear(3, 3)),
]

CRITERIONS: list[tuple[Any, Any]] = [
    (nn.MSECriterion(), DY),
    (nn.CrossEntropyCriterion(), np.zeros(4, int)),
    (nn.ClassNLLCriterion(), np.zeros(4, int)),
    (nn.MultiMarginCriterion(), np.zeros(4, int)),
    (nn.BCECriterion(), DY),
    (nn.L1Cost(), None),
    (nn.SmoothL1Criterion(), DY),
    (nn.MultiCriterion().add(nn.MSECriterion()), DY),
]


def kind(value: Any) -> str:
    return type(value).__name__


@pytest.mark.parametrize("module", LAYERS, ids=kind)
def test_after_clear_state_a_module_asks_for_forward(module: Module) -> None:
    module = module.clone().double()
    y = module.forward(X)
    dx = np.copy(module.backward(X, np.ones_like(y)))
    module.clear_state()
    with pytest.raises(ModuleError, match=r"expected forward\(x\) before backward, got none since clear_state"):
        module.backward(X, np.ones_like(y))
    if not isinstance(module, nn.Dropout):
        module.forward(X)
        np.testing.assert_array_equal(module.backward(X, np.ones_like(y)), dx)


@pytest.mark.parametrize("module", LAYERS, ids=kind)
@pytest.mark.parametrize("rows", [1, 2, 5])
def test_another_input_than_that_of_forward_is_refused(module: Module, rows: int) -> None:
    module = module.clone().double()
    module.forward(X)
    other = np.ones((rows, 3))
    with pytest.raises(ShapeError, match=r"expected (the input of the last forward|a gradient in the shape)"):
        module.backward(other, other)


def test_another_input_is_refused_where_the_output_has_the_same_shape() -> None:
    module = nn.Max(1)
    module.forward(X)
    with pytest.raises(ShapeError, match=r"of shape \(4, 3\), got \(4, 5\); call forward\(x\) first\n  in Max"):
        module.backward(np.ones((4, 5)), np.ones(4))


def test_a_gradient_in_another_shape_is_refused() -> None:
    net = nn.Sequential([nn.Linear(3, 2).double(), nn.Tanh()])
    net.forward(X)
    expected = r"expected grad_output of shape \(4, 2\), as the output, got \(2,\)\n  in Sequential"
    with pytest.raises(ShapeError, match=expected):
        net.backward(X, np.ones(2))


def test_tables_are_looked_into() -> None:
    module = nn.CAddTable()
    module.forward([X, X])
    with pytest.raises(ShapeError, match=r"of shape \[\(4, 3\), \(4, 3\)\], got \[\(4, 3\), \(4, 1\)\]"):
        module.backward([X, X[:, :1]], DY)


@pytest.mark.parametrize("half", ["update_grad_input", "acc_grad_parameters"])
@pytest.mark.parametrize("net", [nn.Linear(3, 3), nn.Sequential([nn.Tanh(), nn.Linear(3, 3)])], ids=kind)
def test_half_of_backward_after_clear_state_is_refused(net: Any, half: str) -> None:
    net = net.clone().double()
    net.forward(X)
    net.clear_state()
    with pytest.raises(ModuleError, match=r"expected forward\(x\) before backward"):
        getattr(net, half)(X, DY)


def test_half_of_backward_with_another_input_is_refused() -> None:
    net = nn.Sequential([nn.Tanh(), nn.Linear(3, 3)]).double()
    net.forward(X)
    with pytest.raises(ShapeError, match=r"expected grad_output of shape"):
        net.update_grad_input(np.ones((2, 3)), np.ones((2, 3)))


@pytest.mark.parametrize(("criterion", "t"), CRITERIONS, ids=kind)
def test_criterions_are_asked_the_same(criterion: Any, t: Any) -> None:
    criterion, x = criterion.clone(), np.full((4, 3), 0.5)
    criterion.forward(x, t)
    dx = np.copy(criterion.backward(x, t))
    with pytest.raises(ShapeError, match=r"expected the input of the last forward, of shape \(4, 3\), got \(2, 3\)"):
        criterion.backward(x[:2], None if t is None else t[:2])
    criterion.clear_state()
    with pytest.raises(ModuleError, match=r"expected forward\(x\) before backward"):
        criterion.backward(x, t)
    criterion.forward(x, t)
    np.testing.assert_array_equal(criterion.backward(x, t), dx)


def test_what_was_computed_by_update_output_can_be_gone_back_through() -> None:
    module = nn.Linear(3, 3).double()
    module.forward(X)
    module.update_output(X[:2])
    np.testing.assert_allclose(module.update_grad_input(X[:2], DY[:2]), DY[:2] @ module.weight)
    np.testing.assert_allclose(module.backward(X[:2], DY[:2]), DY[:2] @ module.weight)


def test_a_clone_and_a_converted_network_know_what_went_forward() -> None:
    net = nn.Sequential([nn.Linear(3, 3), nn.Tanh()])
    net.forward(X)
    net.double()
    net.clone().backward(X, DY)
