"""Networks with repeated modules, and numerical gradients of a loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain import nn
from nntrain.compute.array import Array

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
    """Return the numerical gradient of a loss with respect to an array."""
    gradient = np.zeros_like(array)
    for at in np.ndindex(array.shape):
        kept = array[at]
        array[at] = kept + 1e-6
        above = loss()
        array[at] = kept - 1e-6
        gradient[at] = (above - loss()) / 2e-6
        array[at] = kept
    return gradient


def hold(net: Any, x: Any, dy: Any, value: Callable[..., Any], parameters: list[Array], gradients: list[Array]) -> None:
    """Check that the output is ``value(x, *parameters)`` and the gradients are those of Σ output · dy."""

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
