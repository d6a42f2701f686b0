"""NaN checks, timing, element types and weight normalization of decorators."""

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ModuleError, ShapeError

X = np.random.default_rng(1).normal(size=(4, 3))


def test_a_decorator_adds_no_line_to_the_place_of_an_error() -> None:
    net = nn.Sequential([nn.Decorator(nn.Linear(5, 2))])
    with pytest.raises(ShapeError) as caught:
        net.forward(X)
    assert str(caught.value).endswith("in Sequential[0] > Linear(5 -> 2)")


def test_the_spec_of_a_decorator_shows_a_replaced_module() -> None:
    net = nn.Bottle(nn.Tanh())
    net.replace(lambda module: nn.ReLU() if type(module).__name__ == "Tanh" else module)
    assert net.spec() == {"type": "Bottle", "module": {"type": "ReLU"}}


def test_bottle_refuses_an_output_of_other_axes() -> None:
    with pytest.raises(ShapeError, match=r"expected an output of 1 axes from Linear\(3 -> 2\), got \(8, 2\)"):
        nn.Bottle(nn.Linear(3, 2), 2, 1).forward(np.ones((2, 4, 3)))


def test_nan_names_where_it_was_found() -> None:
    net = nn.NaN(nn.Linear(3, 2), id=7)
    bad = X.copy()
    bad[1, 1] = np.nan
    with pytest.raises(ModuleError, match=r"NaN found in input of module :\nnn.NaN\(7\) @ nn.Linear"):
        net.forward(bad)
    net.module.weight[0, 0] = np.nan
    with pytest.raises(ModuleError, match="NaN found in parameters"):
        net.forward(X)


def test_nan_passes_infinities() -> None:
    x = np.array([[np.inf, -np.inf, 0]])
    assert np.isinf(nn.NaN(nn.Identity()).forward(x)).sum() == 2


def test_nan_counts_itself() -> None:
    first, second = nn.NaN(nn.Tanh()), nn.NaN(nn.Tanh())
    assert second.id == first.id + 1


def test_nan_looks_at_gradients() -> None:
    net = nn.NaN(nn.Linear(3, 2), id=1).double()
    y = net.forward(X)
    bad = np.full_like(y, np.nan)
    with pytest.raises(ModuleError, match="NaN found in grad_output"):
        net.update_grad_input(X, bad)
    with pytest.raises(ModuleError, match="NaN found in gradients of the parameters"):
        net.acc_grad_parameters(X, bad)


def test_profile_prints_every_so_many_passes(capsys: pytest.CaptureFixture[str]) -> None:
    net = nn.Profile(nn.Tanh(), 2, "block")
    for _ in range(5):
        net.backward(X, net.forward(X))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" took ")[0] for line in lines] == ["block"] * 4
    assert sum(line.endswith("seconds for 2 forward passes") for line in lines) == 2
    assert sum(line.endswith("seconds for 2 backward passes") for line in lines) == 2


def test_dont_cast_refuses_a_new_type() -> None:
    net = nn.Sequential([nn.Linear(3, 3), nn.DontCast(nn.Linear(3, 2), castin=True)])
    net.double()
    assert net.get(0).weight.dtype == np.float64
    assert net.get(1).module.weight.dtype == np.float32
    assert net.get(1).type() == "float32"
    y = net.forward(X)
    assert y.dtype == np.float64
    assert net.backward(X, y).dtype == np.float64


def test_weight_norm_computes_its_weight_once_in_evaluate_mode() -> None:
    net = nn.WeightNorm(nn.Linear(3, 2)).double()
    net.evaluate()
    before = net.forward(X).copy()
    net.g[...] *= 2
    np.testing.assert_array_equal(net.forward(X), before)
    net.evaluate()
    np.testing.assert_array_equal(net.forward(X), before)
    net.training()
    assert not np.allclose(net.forward(X), before)


def test_weight_norm_keeps_its_weight_in_backward() -> None:
    net = nn.WeightNorm(nn.Linear(3, 2)).double()
    net.evaluate()
    y = net.forward(X).copy()
    net.backward(X, y)
    np.testing.assert_array_equal(net.forward(X), y)


def test_weight_norm_learns_by_update_in_one_go() -> None:
    net = nn.WeightNorm(nn.Linear(3, 2)).double()
    y = net.forward(X)
    before = net.v.copy()
    net.backward_update(X, np.ones_like(y), 0.1)
    assert not np.array_equal(net.v, before)


def test_weight_norm_needs_a_weight() -> None:
    with pytest.raises(ArgumentError, match=r"expected a module with a weight that has an axis 0, got nn\.Tanh"):
        nn.WeightNorm(nn.Tanh())


# StochasticGradient


def test_stochastic_gradient_follows_its_rate_and_calls_its_hooks(capsys: pytest.CaptureFixture[str]) -> None:
    nn.manual_seed(1)
    net = nn.Linear(1, 1, bias=False).double()
    net.weight[...] = 0
    trainer = nn.StochasticGradient(net, nn.MSECriterion())
    trainer.learning_rate, trainer.learning_rate_decay, trainer.max_iteration = 0.1, 1.0, 3
    calls: list[Any] = []
    trainer.hook_example = lambda trainer, sample: calls.append("sample")
    trainer.hook_iteration = lambda trainer, iteration, error: calls.append(iteration)
    trainer.train([(np.ones(1), np.ones(1))])
    # w ← w − 2 r (w − 1), with r = 0.1, then 0.1 / (1 + 2), then 0.1 / (1 + 3)
    w = 0.0
    for rate in (0.1, 0.1 / 3, 0.1 / 4):
        w -= 2 * rate * (w - 1)
    np.testing.assert_allclose(net.weight, w)
    assert calls == ["sample", 1, "sample", 2, "sample", 3]
    assert capsys.readouterr().out.count("# current error = ") == 3
