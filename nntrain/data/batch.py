"""A batch of rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from nntrain.compute.array import Array


class Batch(NamedTuple):
    """Inputs, targets and sample weights; None: equal weights."""

    inputs: Array | list[Array]
    targets: Array
    weights: Array | None = None

    @property
    def arrays(self) -> list[Array]:
        """The arrays of the inputs, the targets and the weights, if any."""
        inputs = self.inputs if isinstance(self.inputs, list) else [self.inputs]
        return [*inputs, self.targets, *([] if self.weights is None else [self.weights])]

    def with_arrays(self, arrays: Iterable[Array]) -> Batch:
        """Return the batch with other arrays, in the order of ``arrays``."""
        *rest, last = arrays
        weights = None if self.weights is None else last
        *inputs, targets = [*rest, last] if weights is None else rest
        return Batch(inputs if isinstance(self.inputs, list) else inputs[0], targets, weights)
