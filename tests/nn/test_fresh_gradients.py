"""Gradients that are written equal those that are added to zeros."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.nn.lazy_zero_grad import LazyZeroGrad
from nntrain.nn.module import Module


class Careless(nn.Linear):
    """A layer that adds to a gradient before its base class writes it."""

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        self.grad_weight += 1
        super().acc_grad_parameters(x, dy, scale)


def tied() -> Module:
    first, second = nn.Linear(4, 4), nn.Linear(4, 4)
    second.share(first, "weight", "grad_weight")
    return nn.Sequential([first, nn.Tanh(), second])


def over_a_table() -> Module:
    return nn.Sequential(
        [nn.Linear(4, 4), nn.SplitTable(1), nn.MapTable(nn.Sequential([nn.Linear(6, 3)])), nn.JoinTable(0)]
    )


NETWORKS = {
    "chain": lambda: nn.Sequential([nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3, bias=False)]),
    "chain in a chain": lambda: nn.Sequential(
        [nn.Sequential([nn.Linear(4, 5)]), nn.BatchNormalization(5), nn.Linear(5, 3)]
    ),
    "tied": tied,
    "side by side": lambda: nn.Sequential([nn.Concat(1, [nn.Linear(4, 2), nn.Linear(4, 3)]), nn.Linear(5, 2)]),
    "over a table": over_a_table,
    "careless": lambda: nn.Sequential([nn.Linear(4, 4), Careless(4, 3)]),
    "alone": lambda: nn.Linear(4, 3),
}


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("name", NETWORKS)
def test_written_gradients_are_those_added_to_zeros(name: str, times: int) -> None:
    nn.manual_seed(3)
    model = NETWORKS[name]().double()
    x = np.random.default_rng(0).standard_normal((6, 4))
    _, dw = model.get_parameters()
    gradients = LazyZeroGrad(model, dw)

    def propagate() -> None:
        for share in (0.25, 1.0)[:times]:
            model.backward(x, np.cos(model.forward(x)), share)

    dw[...] = 0
    propagate()
    expected = dw.copy()
    dw[...] = np.nan
    gradients.zero_grad()
    propagate()
    gradients.zero_unset()
    np.testing.assert_allclose(dw, expected, rtol=1e-14, atol=1e-15)


def test_only_what_is_one_layers_own_is_written() -> None:
    model = tied()
    _, dw = model.get_parameters()
    first, _, second = model.modules
    assert LazyZeroGrad(model, dw).writers == {first: {"bias"}, second: {"bias"}}
    model = NETWORKS["careless"]()
    _, dw = model.get_parameters()
    assert LazyZeroGrad(model, dw).writers == {model.modules[0]: {"weight", "bias"}}


def test_gradients_of_a_layer_that_was_not_reached_are_0() -> None:
    model = nn.Sequential([nn.Linear(4, 5), nn.Linear(5, 3)])
    _, dw = model.get_parameters()
    gradients = LazyZeroGrad(model, dw)
    dw[...] = np.nan
    gradients.zero_grad()
    x = np.ones((2, 4), np.float32)
    model.forward(x)
    last = model.modules[1]
    last.acc_grad_parameters(model.modules[0].output, np.ones((2, 3), np.float32))
    gradients.zero_unset()
    assert not dw[:25].any()
    assert np.isfinite(dw).all()
    np.testing.assert_array_equal(last.grad_bias, [2, 2, 2])
    last.acc_grad_parameters(model.modules[0].output, np.ones((2, 3), np.float32))
    np.testing.assert_array_equal(last.grad_bias, [4, 4, 4])
