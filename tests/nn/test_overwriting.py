"""In-place modules: an error if the input is still needed, and correct otherwise.

The same network without in-place modules says what is right; that its gradients are, the laws of the layers hold.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.errors import SpecError

X = np.random.default_rng(4).normal(size=(8, 3))

LINEAR = {"type": "Linear", "input_size": 3, "output_size": 3}
IDENTITY, TANH, SIGMOID, SOFT_MAX = ({"type": name} for name in ("Identity", "Tanh", "Sigmoid", "SoftMax"))
RELU, LEAKY, ELU, HARD_TANH, ADD, DROPOUT = (
    {"type": name, "inplace": True} for name in ("ReLU", "LeakyReLU", "ELU", "HardTanh", "CAddTable", "Dropout")
)
TIMES = {"type": "MulConstant", "constant_scalar": -2.0, "inplace": True}
PLUS = {"type": "AddConstant", "constant_scalar": -0.3, "inplace": True}
JOIN = {"type": "JoinTable", "dim": 1}
VIEW = {"type": "View", "size": [3]}


def select(index: int) -> dict[str, Any]:
    return {"type": "SelectTable", "index": index}


def several(name: str, *modules: Any, **more: Any) -> dict[str, Any]:
    return {"type": name, "modules": list(modules), **more}


def chain(*modules: Any) -> dict[str, Any]:
    return several("Sequential", *modules)


def fan(*modules: Any) -> dict[str, Any]:
    return several("ConcatTable", *modules)


WRONG = {
    "first_in_a_branch": (chain(LINEAR, fan(RELU, LINEAR), JOIN), "modules[1].modules[0]: ReLU"),
    "last_branch": (chain(LINEAR, fan(LINEAR, RELU), JOIN), "modules[1].modules[1]: ReLU"),
    "first_in_a_chain_in_a_branch": (chain(LINEAR, fan(chain(ELU, LINEAR), LINEAR), JOIN), "[0].modules[0]: ELU"),
    "branch_of_concat": (
        chain(LINEAR, several("Concat", DROPOUT, LINEAR, dim=1)),
        "modules[1].modules[0]: Dropout(0.500000)",
    ),
    "after_identity_in_a_branch": (chain(LINEAR, fan(chain(IDENTITY, RELU), LINEAR), JOIN), "[0].modules[1]: ReLU"),
    "on_a_branch_that_is_passed_on": (chain(LINEAR, fan(IDENTITY, LINEAR), ADD), "modules[2]: CAddTable"),
    "on_what_is_selected": (chain(LINEAR, TANH, fan(IDENTITY, LINEAR), select(0), DROPOUT), "modules[4]: Dropout"),
    "in_a_decorator": (
        chain(LINEAR, fan({"type": "Bottle", "module": RELU}, LINEAR), JOIN),
        "modules[1].modules[0].module: ReLU",
    ),
    "after_tanh": (chain(LINEAR, TANH, DROPOUT), "modules[2]: Dropout(0.500000)"),
    "after_tanh_though_it_is_taken_back": (chain(LINEAR, TANH, TIMES, LINEAR), "modules[2]: MulConstant"),
    "on_the_signs_of_relu_though_it_is_taken_back": (chain(LINEAR, RELU, TIMES, LINEAR), "modules[2]: MulConstant"),
    "after_sigmoid_and_identity": (chain(LINEAR, SIGMOID, IDENTITY, DROPOUT), "modules[3]: Dropout(0.500000)"),
    "after_soft_max_and_view": (chain(LINEAR, SOFT_MAX, VIEW, DROPOUT), "modules[3]: Dropout(0.500000)"),
    "after_an_elu_in_place": (chain(LINEAR, ELU, DROPOUT), "modules[2]: Dropout(0.500000)"),
    "hard_tanh_then_dropout": (chain(LINEAR, HARD_TANH, DROPOUT), "modules[2]: Dropout(0.500000)"),
    "on_the_signs_of_relu": (chain(LINEAR, fan(chain(LINEAR, RELU), LINEAR), ADD), "modules[2]: CAddTable"),
    "one_gradient_for_two": (
        chain(fan(IDENTITY, IDENTITY), several("ParallelTable", LINEAR, chain(LINEAR, DROPOUT)), ADD),
        "modules[2]: CAddTable gives all its inputs one gradient",
    ),
    "first_of_all": (chain(RELU, LINEAR), "modules[0]: ReLU overwrites its input, which is the data"),
    "after_identity_first_of_all": (chain(IDENTITY, RELU, LINEAR), "modules[1]: ReLU"),
}

RIGHT = {
    "after_linear": chain(LINEAR, RELU, LINEAR, ELU, LINEAR, HARD_TANH),
    "relu_then_dropout": chain(LINEAR, RELU, DROPOUT, LINEAR),
    "leaky_then_dropout": chain(LINEAR, LEAKY, DROPOUT, LINEAR),
    "linear_identity_relu": chain(LINEAR, IDENTITY, RELU, LINEAR),
    "what_is_taken_back": chain(LINEAR, TIMES, PLUS, LINEAR),
    "residual_blocks": chain(
        LINEAR,
        RELU,
        *[fan(chain(LINEAR, RELU, LINEAR), IDENTITY), ADD, RELU] * 2,
        fan(chain(LINEAR, RELU), LINEAR),
        JOIN,
    ),
    "the_branch_that_is_its_own": chain(LINEAR, fan(TANH, LINEAR), select(1), RELU),
    "a_fan_of_one": chain(LINEAR, fan(chain(RELU, LINEAR)), select(0)),
    "slots_of_a_table": chain(fan(LINEAR, LINEAR), several("ParallelTable", RELU, DROPOUT), JOIN),
}


def without(spec: Any) -> Any:
    """Return a spec without in-place modules."""
    if isinstance(spec, list):
        return [without(item) for item in spec]
    return {key: without(value) for key, value in spec.items() if key != "inplace"} if isinstance(spec, dict) else spec


def passed(spec: Any) -> list[Array]:
    """Return output, input, and all gradients; backward in two passes, as in table containers."""
    nn.manual_seed(1)
    net = nn.build(spec, allow_inplace=True).double()
    x = X.copy()
    y = net.forward(x).copy()
    dy = np.cos(np.arange(y.size)).reshape(y.shape)
    dx = net.update_grad_input(x, dy)
    net.acc_grad_parameters(x, dy)
    return [y, x, dx.copy(), *net.parameters()[1]]


def same(spec: Any) -> bool:
    return all(np.allclose(a, b, rtol=1e-9) for a, b in zip(passed(spec), passed(without(spec)), strict=True))


@pytest.mark.parametrize("name", WRONG)
def test_a_module_on_memory_that_is_needed_is_refused_with_its_path(name: str) -> None:
    spec, message = WRONG[name]
    assert not same(spec)
    nn.build(without(spec))
    with pytest.raises(SpecError, match=re.escape(message)) as caught:
        nn.build(spec)
    assert "set inplace = false" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", RIGHT)
def test_a_module_on_memory_that_nobody_needs_is_right(name: str) -> None:
    nn.build(RIGHT[name])
    assert same(RIGHT[name])
