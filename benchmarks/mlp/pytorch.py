"""The step in PyTorch, as in its tutorials; the rows are already tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from benchmarks.mlp.mlp import MLP

__all__ = ["network", "predictor", "step"]


def network(mlp: MLP) -> torch.nn.Sequential:
    """Build the network with the given parameters."""
    modules: list[torch.nn.Module] = []
    for (weight, bias), (i, o) in zip(mlp.parameters(), mlp.sizes, strict=True):
        linear = torch.nn.Linear(i, o)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight))
            linear.bias.copy_(torch.from_numpy(bias))
        modules.append(linear)
        curve = [torch.nn.BatchNorm1d(o), torch.nn.Tanh(), torch.nn.Dropout(mlp.dropped)]
        modules += curve if mlp.noisy else [torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[: -3 if mlp.noisy else -1])


def step(mlp: MLP) -> Callable[[], float]:
    """Run forward, loss, backward and update; return the loss."""
    x, t = (torch.from_numpy(array) for array in mlp.rows())
    model, criterion = network(mlp), torch.nn.CrossEntropyLoss()
    kind = torch.optim.SGD if mlp.optimizer == "SGD" else torch.optim.Adam
    optimizer = kind(model.parameters(), lr=mlp.rate)

    def made() -> float:
        optimizer.zero_grad()
        loss = criterion(model(x), t)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return made


def predictor(mlp: MLP) -> Callable[[], Any]:
    """Return the scores of the rows in inference mode."""
    x = torch.from_numpy(mlp.rows()[0])
    model = network(mlp).eval()

    def scores() -> Any:
        with torch.inference_mode():
            return model(x)

    return scores
