"""A module in several places as ONNX."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain import nn
from tests.onnx.running import run_module

X = np.random.default_rng(7).normal(size=(6, 3)).astype(np.float32)


def test_every_place_is_written() -> None:
    block = nn.Sequential([nn.Linear(3, 3), nn.Tanh()])
    net: Any = nn.Sequential([block, nn.ConcatTable([block, nn.Sequential([block, block])])])
    net.evaluate()
    w, b = block[0].weight, block[0].bias
    steps = [X]
    for _ in range(3):
        steps.append(np.tanh(steps[-1] @ w.T + b))
    for got, expected in zip(run_module(net, X[:2], X[:3], X), (steps[2], steps[3]), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)
