"""The exponential moving average of the parameters."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.specs.state_schema import COUNT, validate_state


class ParameterEMA:
    """a ← a + (w − a) (1 − decay) / (1 − decayⁿ), after the nth step: the mean of the w after every step so far, each
    weighted ``decay`` times as much as the next. The w before the first step is not included.

    Source: Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992, with the weights of an
    exponential moving average, corrected for the start as in Kingma and Ba, "Adam", 2015.
    """

    def __init__(self, w: Array, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.average = np.zeros_like(w)
        self.difference = np.empty_like(w)

    def update(self, w: Array) -> None:
        """Update the average with the parameters after a step."""
        self.steps += 1
        np.subtract(w, self.average, out=self.difference)
        np.multiply(self.difference, (1 - self.decay) / (1 - self.decay**self.steps), out=self.difference)
        np.add(self.average, self.difference, out=self.average)

    @contextmanager
    def apply_to(self, w: Array) -> Iterator[None]:
        """A context in which w is replaced by the average."""
        running = w.copy()
        w[...] = self.average
        try:
            yield
        finally:
            w[...] = running

    def state(self) -> dict[str, Any]:
        return {"steps": self.steps, "a": self.average.copy()}

    def restore(self, state: dict[str, Any]) -> None:
        known = validate_state(state, {"steps": COUNT, "a": self.average}, "average")
        self.steps = known["steps"]
        np.copyto(self.average, known["a"])
