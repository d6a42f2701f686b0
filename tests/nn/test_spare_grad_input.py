"""Training does not compute the gradient of the network's input."""

from typing import Any

import numpy as np
import pytest

from nntrain import nn

X = np.random.default_rng(1).normal(size=(4, 2, 3))


def net(*modules: Any) -> Any:
    nn.manual_seed(1)
    return nn.Sequential([*(nn.build(spec) for spec in modules)]).double()


LINEAR = {"type": "Linear", "input_size": 6, "output_size": 3}
CURVED = {"type": "Sequential", "modules": [{"type": "PReLU"}, LINEAR]}
NONE = {"type": "Tanh"}
CHAINS = {
    "the layer": [{"type": "Reshape", "size": [6]}, LINEAR, {"type": "Tanh"}, {**LINEAR, "input_size": 3}],
    "nested": [{"type": "Sequential", "modules": [{"type": "Reshape", "size": [6]}, LINEAR]}, {"type": "Tanh"}],
    "branches": [
        {"type": "Reshape", "size": [6]},
        {
            "type": "ConcatTable",
            "modules": [LINEAR, CURVED, NONE],
        },
        {"type": "JoinTable", "dim": 1},
        {**LINEAR, "input_size": 12},
    ],
    "concatenated": [{"type": "Reshape", "size": [6]}, {"type": "Concat", "dim": 1, "modules": [LINEAR, NONE]}],
    "a curve with parameters": [{"type": "Reshape", "size": [6]}, {"type": "PReLU"}, LINEAR],
}


@pytest.mark.parametrize("chain", CHAINS)
def test_the_gradients_of_the_parameters_are_the_same_bits(chain: str) -> None:
    whole, spared = net(*CHAINS[chain]), net(*CHAINS[chain])
    spared.skip_grad_input()
    for _ in range(2):
        dy = np.cos(whole.forward(X))
        spared.forward(X)
        whole.backward(X, dy)
        assert spared.backward(X, dy) is None
    for ours, theirs in zip(spared.parameters()[1], whole.parameters()[1], strict=True):
        assert ours.tobytes() == theirs.tobytes()


def test_the_first_layer_is_not_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    spared = net(*CHAINS["the layer"])
    spared.skip_grad_input()
    dy = np.cos(spared.forward(X))
    asked: list[str] = []
    for module in spared:
        monkeypatch.setattr(module, "update_grad_input", note(asked, module))
    spared.backward(X, dy)
    assert asked == ["Linear(3 -> 3)", "Tanh"]


def note(asked: list[str], module: Any) -> Any:
    original = module.update_grad_input

    def call(x: Any, dy: Any) -> Any:
        asked.append(module.label())
        return original(x, dy)

    return call
