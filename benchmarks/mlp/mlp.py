"""The network of the step benchmarks: sizes, activation, optimizer, rows and initial parameters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["CLASSES", "MLP", "Array"]

Array = np.ndarray[Any, np.dtype[Any]]

CLASSES = 10
RATES = {"SGD": 0.01, "Adam": 0.001}


@dataclass(frozen=True)
class MLP:
    """Two hidden layers and ten classes, trained repeatedly on one batch.

    ``noisy``: BatchNormalization, Tanh and Dropout after each hidden layer, instead of ReLU.
    """

    batch: int
    inputs: int
    hidden: int
    noisy: bool = False
    optimizer: str = "SGD"
    # Dropout probability; 0 to compare losses, because the random streams of systems differ.
    dropped: float = 0.2
    depth: int = 2

    folder = "mlp"

    @property
    def rate(self) -> float:
        """The learning rate."""
        return RATES[self.optimizer]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Return (inputs, outputs) of each linear layer."""
        widths = [self.inputs, *[self.hidden] * self.depth, CLASSES]
        return list(pairwise(widths))

    def rows(self) -> tuple[Array, Array]:
        """Return x, t: normal random numbers and classes."""
        numbers = np.random.default_rng(0)
        return numbers.standard_normal((self.batch, self.inputs), np.float32), numbers.integers(0, CLASSES, self.batch)

    def parameters(self) -> list[tuple[Array, Array]]:
        """Return weight (outputs, inputs) and bias (outputs,) of each linear layer."""
        numbers = np.random.default_rng(1)
        return [
            (numbers.uniform(-(i**-0.5), i**-0.5, (o, i)).astype(np.float32), np.zeros(o, np.float32))
            for i, o in self.sizes
        ]

    def __str__(self) -> str:
        curve = "BatchNormalization, Tanh, Dropout" if self.noisy else "ReLU"
        return (
            f"{self.batch} rows, {self.inputs}→{'→'.join([str(self.hidden)] * self.depth)}, {curve}, {self.optimizer}"
        )
