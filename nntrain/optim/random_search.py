"""The base of optimizers that need no gradient."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nntrain.compute import random
from nntrain.compute.array import Array
from nntrain.optim.optimizer import Optimizer

__all__ = ["RandomSearch"]

# The most numbers that one matrix may have: 0.8 GB in double precision.
MAX_ELEMENTS = 10**8


class RandomSearch(Optimizer):
    """Draws candidates from a stream of its own, which is all that it remembers from call to call."""

    state_names = ("stream",)

    def __init__(self, seed: int) -> None:
        self.require(seed >= 0, f"expected a seed of at least 0, got {seed}")
        self.generator = random.create_stream(seed, type(self).__name__)

    @property
    def stream(self) -> dict[str, Any]:
        """Where the random numbers are, as JSON values."""
        return random.get_stream_state(self.generator)

    @stream.setter
    def stream(self, state: dict[str, Any]) -> None:
        self.generator = random.restore_stream(state)

    def compute_losses(self, opfunc: Callable[[Array], Any], w: Array, candidates: Array) -> Array:
        """The loss of each row of ``candidates``, put into w one after another."""
        return np.array([self.compute_loss(opfunc, w, candidate) for candidate in candidates])

    def compute_loss(self, opfunc: Callable[[Array], Any], w: Array, candidate: Array) -> float:
        """The loss at a candidate, put into w; ∞ if it is not a number. ``opfunc`` may return the loss alone."""
        np.copyto(w, candidate, casting="same_kind")
        told = opfunc(w)
        loss = float(told[0] if isinstance(told, tuple) else told)
        return math.inf if math.isnan(loss) else loss

    def check_memory(self, rows: int, columns: int, what: str) -> None:
        """ArgumentError if a matrix is too large for the memory."""
        self.require(rows * columns <= MAX_ELEMENTS, f"{what} of {rows} × {columns} numbers does not fit into memory")
