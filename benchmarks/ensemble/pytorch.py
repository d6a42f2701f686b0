"""The step in PyTorch: the layers as their formulas, AdamW with groups of parameters; the rows are already tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn.functional import cross_entropy, dropout, mse_loss, silu

from benchmarks.ensemble.ensemble import Array, Ensemble

__all__ = ["step"]


class Parameters(torch.nn.Module):
    """Parameters from arrays, as attributes."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        super().__init__()
        for name, array in arrays.items():
            self.register_parameter(name, torch.nn.Parameter(torch.from_numpy(array)))

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(name)


class Waves(Parameters):
    """x and W cos(2π w x + p) + b of each number, next to each other."""

    def forward(self, x: Any) -> Any:
        z = torch.cos(2 * torch.pi * x[:, :, None] * self.frequency + self.phase)
        y = torch.einsum("nif,ief->nie", z, self.weight) + self.bias
        return torch.cat([x[:, :, None], y], 2).flatten(1)


class Bins(torch.nn.Module):
    """The position of each number in the bins of its column."""

    def __init__(self, edges: list[list[float]]) -> None:
        super().__init__()
        ascending = torch.tensor(edges)
        self.lower, self.width = ascending[:, :-1], ascending.diff()

    def forward(self, x: Any) -> Any:
        return ((x[:, :, None] - self.lower) / self.width).clamp(0, 1).flatten(1)


class SharedLinear(Parameters):
    """s (W (r x)) + b of each member."""

    def forward(self, x: Any) -> Any:
        h = (x * self.input_scale[:, None]) @ self.weight.T
        return h * self.output_scale[:, None] + self.bias[:, None]


class Network(torch.nn.Module):
    """x (rows, numbers) → y (members, rows, outputs)."""

    def __init__(self, ensemble: Ensemble) -> None:
        super().__init__()
        self.members, self.dropped = ensemble.members, ensemble.dropped
        self.waves, self.bins = Waves(ensemble.embedding()), Bins(ensemble.edges)
        self.scale = torch.nn.Parameter(torch.ones(ensemble.width))
        self.layers = torch.nn.ModuleList(SharedLinear(ensemble.layer(n)) for n in range(ensemble.depth))
        self.shares = torch.nn.ParameterList(torch.ones(ensemble.hidden) for _ in range(ensemble.depth))
        self.head = Parameters(ensemble.head())

    def forward(self, x: Any) -> Any:
        y = torch.cat([self.waves(x), self.bins(x)], 1) * self.scale
        y = y.expand(self.members, -1, -1)
        for layer, share in zip(self.layers, self.shares, strict=True):
            y = layer(y)
            y = y + share * (silu(y) - y)
            if self.dropped:
                y = dropout(y, self.dropped)
        return torch.baddbmm(self.head.bias[:, None], y, self.head.weight.mT)

    def groups(self, ensemble: Ensemble) -> list[dict[str, Any]]:
        """Return the parameters with their learning rates and decays."""
        rates = [(self.waves.parameters(), 0.1), (self.shares, 0.1), ([self.scale], 6.0), ([self.head.bias], 0.1)]
        decayed = [(self.head.weight, ensemble.hidden**-0.5)]
        for layer, (i, _) in zip(self.layers, ensemble.sizes, strict=True):
            decayed.append((layer.weight, i**-0.5))
            rates += [([layer.input_scale, layer.output_scale], 0.5), ([layer.bias], 0.1)]
        return [
            *({"params": list(some), "lr": factor * ensemble.rate, "weight_decay": 0.0} for some, factor in rates),
            *({"params": [weight], "lr": factor * ensemble.rate} for weight, factor in decayed),
        ]


def step(ensemble: Ensemble) -> Callable[[], float]:
    """Run forward, loss, backward and update; return the loss."""
    x, t = (torch.from_numpy(array) for array in ensemble.rows())
    t = t.repeat(ensemble.members, *[1] * (t.ndim - 1))
    model = Network(ensemble)
    optimizer = torch.optim.AdamW(
        model.groups(ensemble), lr=ensemble.rate, betas=(0.9, ensemble.beta2), weight_decay=ensemble.decay
    )

    def made() -> float:
        optimizer.zero_grad()
        y = model(x).flatten(0, 1)
        loss = cross_entropy(y, t, label_smoothing=ensemble.smoothing) if ensemble.classes else mse_loss(y, t)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return made
