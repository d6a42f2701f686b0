"""The base of optimizers that go against the gradient at a learning rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nntrain.errors import ArgumentError
from nntrain.nn.array import Array
from nntrain.optim.optimizer import Optimizer

__all__ = ["Descent"]


class Descent(Optimizer):
    """r = learning_rate / (1 + n · learning_rate_decay) after n steps;  g = dw + weight_decay · w."""

    learning_rate: float

    # A factor of the rate for each parameter.
    learning_rates: Array | None = None

    def __init__(self, learning_rate: float, learning_rate_decay: float = 0.0, weight_decay: float = 0.0) -> None:
        self.require(learning_rate >= 0, f"expected a learning_rate of at least 0, got {learning_rate}")
        self.require(
            learning_rate_decay >= 0, f"expected a learning_rate_decay of at least 0, got {learning_rate_decay}"
        )
        self.learning_rate = learning_rate
        self.learning_rate_decay = learning_rate_decay
        self.weight_decay = weight_decay

    def rate(self, steps: int) -> float:
        """r after so many steps."""
        return self.learning_rate / (1 + steps * self.learning_rate_decay)

    def scaled(self, g: Array, rate: float) -> Array:
        """rate · g in scratch memory, times the factors in ``learning_rates`` where there are any."""
        step = self.scratch(g)
        np.multiply(g, rate, out=step)
        if self.learning_rates is not None:
            np.multiply(step, self.fitting("learning_rates", g), out=step)
        return step

    def vector(self, name: str, values: Array | Sequence[float] | None) -> Array | None:
        """An option with a number for each parameter. ArgumentError if it is no vector."""
        if values is None:
            return None
        try:
            vector = np.asarray(values, float)
        except (TypeError, ValueError) as error:
            raise ArgumentError(f"{type(self).__name__}: expected {name} to be a list of numbers: {error}") from error
        self.require(vector.ndim == 1, f"expected {name} to be a list of numbers, got shape {vector.shape}")
        return vector

    def fitting(self, name: str, w: Array) -> Array:
        """Such an option, in the type of w. ArgumentError unless it has a number for each parameter."""
        vector: Array = getattr(self, name)
        self.require(vector.shape == w.shape, f"expected {w.size} {name}, one for each parameter, got {vector.size}")
        if vector.dtype != w.dtype:
            vector = vector.astype(w.dtype)
            setattr(self, name, vector)
        return vector
