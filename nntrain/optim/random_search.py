"""The base of gradient-free optimizers."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array
from nntrain.optim.optimizer import Optimizer

# Maximum number of elements of a matrix: 0.8 GB in float64.
MAX_ELEMENTS = 10**8


class RandomSearch(Optimizer):
    """Draws candidates from its own random stream, its only state between calls."""

    state_names = ("stream",)

    def __init__(self, seed: int) -> None:
        self.require(seed >= 0, f"expected a seed of at least 0, got {seed}")
        self.generator = random.create_stream(seed, type(self).__name__)

    @property
    def stream(self) -> dict[str, Any]:
        """The state of the random stream as JSON values."""
        return random.get_stream_state(self.generator)

    @stream.setter
    def stream(self, state: dict[str, Any]) -> None:
        self.generator = random.restore_stream(state)

    def compute_losses(self, opfunc: Callable[[Array], Any], w: Array, candidates: Array) -> Array:
        """Return the loss of each row of ``candidates``, copied into w one by one."""
        return np.array([self.compute_loss(opfunc, w, candidate) for candidate in candidates])

    def compute_loss(self, opfunc: Callable[[Array], Any], w: Array, candidate: Array) -> float:
        """Copy a candidate into w and return its loss; ∞ for NaN. ``opfunc`` may return the loss only."""
        np.copyto(w, candidate, casting="same_kind")
        result = opfunc(w)
        loss = float(result[0] if isinstance(result, tuple) else result)
        return math.inf if math.isnan(loss) else loss

    def check_memory(self, rows: int, columns: int, name: str) -> None:
        """Raise ArgumentError if a matrix is too large."""
        self.require(rows * columns <= MAX_ELEMENTS, f"{name} of {rows} × {columns} numbers does not fit in memory")
