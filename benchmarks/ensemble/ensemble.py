"""The default network for tables: embedded numbers, members with shared weights, and its training."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["Array", "Ensemble"]

Array = np.ndarray[Any, np.dtype[Any]]

FREQUENCIES = 16


@dataclass(frozen=True)
class Ensemble:
    """``members`` networks of ``depth`` hidden layers with shared weights, trained repeatedly on one batch.

    Each number enters as itself, as 3 waves, and as its position in ``bins`` bins. Every parameter is initialized:
    a last layer of zeros would hide differences in the first losses.
    """

    batch: int
    members: int
    hidden: int
    depth: int
    classes: int  # 0: a regression
    numbers: int = 14
    bins: int = 10
    # Dropout probability; 0 to compare losses, because the random streams of systems differ.
    dropped: float = 0.15
    smoothing: float = 0.1
    rate: float = 0.03
    beta2: float = 0.95
    decay: float = 0.02

    folder = "ensemble"
    optimizer = "Adam"

    @property
    def width(self) -> int:
        """The number of embedded inputs."""
        return self.numbers * (4 + self.bins)

    @property
    def outputs(self) -> int:
        """The number of outputs of a member."""
        return self.classes or 1

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Return (inputs, outputs) of each hidden layer."""
        return list(pairwise([self.width, *[self.hidden] * self.depth]))

    @property
    def edges(self) -> list[list[float]]:
        """The edges of the bins of each number: quantiles of the rows, about."""
        return [[float(edge) for edge in np.linspace(-2, 2, self.bins + 1)]] * self.numbers

    def rows(self) -> tuple[Array, Array]:
        """Return x, t: normal random numbers, and classes or one normal number (rows, 1)."""
        numbers = np.random.default_rng(0)
        x = numbers.standard_normal((self.batch, self.numbers), np.float32)
        if self.classes:
            return x, numbers.integers(0, self.classes, self.batch)
        return x, numbers.standard_normal((self.batch, 1), np.float32)

    def embedding(self) -> dict[str, Array]:
        """Return frequency and phase (numbers, 16), weight (numbers, 3, 16) and bias (numbers, 3) of the waves."""
        numbers, shape = np.random.default_rng(1), (self.numbers, FREQUENCIES)
        arrays = {
            "frequency": numbers.normal(0, 0.1, shape),
            "phase": numbers.uniform(-np.pi, np.pi, shape),
            "weight": numbers.uniform(-0.25, 0.25, (self.numbers, 3, FREQUENCIES)),
            "bias": numbers.uniform(-0.25, 0.25, (self.numbers, 3)),
        }
        return {name: array.astype(np.float32) for name, array in arrays.items()}

    def layer(self, number: int) -> dict[str, Array]:
        """Return weight (o, i), input_scale (members, i), output_scale and bias (members, o) of a hidden layer."""
        (i, o), numbers = self.sizes[number], np.random.default_rng(2 + number)
        arrays = {
            "weight": numbers.normal(0, i**-0.5, (o, i)),
            "input_scale": np.ones((self.members, i)) if number else numbers.normal(size=(self.members, i)),
            "output_scale": np.ones((self.members, o)),
            "bias": numbers.normal(0, 0.5, (self.members, o)),
        }
        return {name: array.astype(np.float32) for name, array in arrays.items()}

    def head(self) -> dict[str, Array]:
        """Return weight (members, outputs, hidden) and bias (members, outputs) of the last layer."""
        weight = np.random.default_rng(100).normal(0, self.hidden**-0.5, (self.members, self.outputs, self.hidden))
        return {"weight": weight.astype(np.float32), "bias": np.zeros((self.members, self.outputs), np.float32)}

    def __str__(self) -> str:
        task = f"{self.classes} classes" if self.classes else "a number"
        hidden = "→".join([str(self.hidden)] * self.depth)
        return f"{self.batch} rows, {self.members} members, {self.numbers}→{self.width}→{hidden}, {task}"
