"""The base of all optimizers."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from nntrain.errors import ArgumentError, CheckpointError
from nntrain.nn.array import Array
from nntrain.nn.recorded import Recorded

__all__ = ["Optimizer"]


class Optimizer(Recorded):
    """Changes a vector of parameters w in place, by its gradient dw. It knows nothing of networks.

    A subclass names in ``state_names`` the attributes that it must remember: numbers, and vectors like w that
    are None before the first step.
    """

    mutable_arguments = ("learning_rate",)

    state_names: ClassVar[tuple[str, ...]] = ()

    learning_rate: float

    @abstractmethod
    def step(self, w: Array, dw: Array) -> None:
        """Change w in place. dw is left as it is."""

    def state(self) -> dict[str, Any]:
        """What the next step needs, as arrays and numbers."""
        values = {name: getattr(self, name) for name in self.state_names}
        return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in values.items()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on a ``state``. CheckpointError if it is another algorithm's."""
        if set(state) != set(self.state_names):
            raise CheckpointError(
                f"{type(self).__name__}: expected the state {list(self.state_names)}, got {sorted(state)}"
            )
        for name, value in state.items():
            setattr(self, name, value.copy() if isinstance(value, np.ndarray) else value)

    def scratch(self, w: Array, name: str = "_scratch") -> Array:
        """A vector like w, the same at every step."""
        kept: Array | None = getattr(self, name, None)
        if kept is None or kept.shape != w.shape or kept.dtype != w.dtype:
            kept = np.empty_like(w)
            setattr(self, name, kept)
        return kept

    def require(self, condition: bool, what: str) -> None:
        """ArgumentError unless ``condition``."""
        if not condition:
            raise ArgumentError(f"{type(self).__name__}: {what}")

    def decayed(self, w: Array, dw: Array, weight_decay: float) -> Array:
        """dw + weight_decay · w, in scratch memory; dw itself without decay."""
        if weight_decay == 0:
            return dw
        g = self.scratch(w, "_decayed")
        np.multiply(w, weight_decay, out=g)
        np.add(g, dw, out=g)
        return g
