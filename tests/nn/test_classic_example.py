"""The first example of Torch's manual, line for line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn


def classic() -> Any:
    mlp = nn.Sequential()
    mlp.add(nn.Linear(10, 25))
    mlp.add(nn.Tanh())
    mlp.add(nn.Linear(25, 1))
    return mlp


def test_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    print(classic())
    assert capsys.readouterr().out == (
        "nn.Sequential {\n"
        "  [input -> (0) -> (1) -> (2) -> output]\n"
        "  (0): nn.Linear(10 -> 25)\n"
        "  (1): nn.Tanh\n"
        "  (2): nn.Linear(25 -> 1)\n"
        "}\n"
    )


@pytest.mark.parametrize("shape", [(10,), (7, 10)], ids=["sample", "batch"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_computes_what_the_formula_says(shape: tuple[int, ...], dtype: str) -> None:
    mlp = classic().type(dtype)
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)
    y = mlp.forward(x)
    hidden = np.tanh(x @ mlp.get(0).weight.T + mlp.get(0).bias)
    assert y.shape == (*shape[:-1], 1)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, hidden @ mlp.get(2).weight.T + mlp.get(2).bias, rtol=1e-4, atol=1e-6)


def test_a_batch_is_its_samples() -> None:
    mlp = classic().double()
    x = np.random.default_rng(0).normal(size=(7, 10))
    together = mlp.forward(x).copy()
    np.testing.assert_allclose([mlp.forward(sample).copy() for sample in x], together)


def test_it_learns() -> None:
    nn.manual_seed(1)
    mlp, criterion = classic().double(), nn.MSECriterion()
    x = np.random.default_rng(0).normal(size=(50, 10))
    t = np.sin(x.sum(1, keepdims=True))
    losses = []
    for _ in range(200):
        losses.append(criterion.forward(mlp.forward(x), t))
        mlp.zero_grad_parameters()
        mlp.backward(x, criterion.backward(mlp.output, t))
        mlp.update_parameters(0.1)
    assert losses[-1] < 0.3 * losses[0]


def test_the_names_of_nn_are_its_classes() -> None:
    assert {"Linear", "MSECriterion", "Module", "Sequential", "Tanh", "build", "manual_seed"} <= set(dir(nn))
    with pytest.raises(AttributeError, match="unknown module or criterion 'Liner'; did you mean 'Linear'"):
        nn.Liner  # noqa: B018
    assert not hasattr(nn, "_private")
