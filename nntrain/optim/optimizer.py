"""The base of all optimizers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.errors import ArgumentError, CheckpointError
from nntrain.specs.configurable import Configurable
from nntrain.specs.state_schema import COUNT, VECTOR, validate_state

__all__ = ["OpFunc", "Optimizer", "evaluate_into", "update_average"]

# What is minimised: w in, (loss, its gradient) out. The gradient's memory may be the same at every call.
OpFunc: TypeAlias = Callable[[Array], tuple[float, Array]]


class Optimizer(Configurable):
    """Changes a vector of parameters w in place, so that a function of w becomes small. It knows nothing of networks.

    A subclass whose every update needs one gradient says ``step``; any other says ``advance``. It names in
    ``state_names`` the attributes that it must remember: numbers, vectors like w, lists of such, and None before the
    first step; and in ``result_names`` what its functional form returns beside w and the losses.
    """

    state_names: ClassVar[tuple[str, ...]] = ()
    result_names: ClassVar[tuple[str, ...]] = ()

    # What a schedule may set before each call; None where the algorithm has no rate.
    learning_rate: float | None = None

    def advance(self, opfunc: OpFunc, w: Array) -> list[float]:
        """Change w in place and return the losses, each before its update. ``opfunc`` is only ever called with w."""
        loss, dw = opfunc(w)
        self.step(w, dw)
        return [float(loss)]

    def step(self, w: Array, dw: Array) -> None:
        """Change w in place by the gradient there. dw is left as it is."""
        raise NotImplementedError(f"{type(self).__name__} needs the function itself: call advance(opfunc, w)")

    def state(self) -> dict[str, Any]:
        """What the next call needs, as arrays and JSON values."""
        return {name: copy.deepcopy(getattr(self, name)) for name in self.state_names}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on a ``state``. CheckpointError if it is another algorithm's, or not of the right kinds."""
        if set(state) != set(self.state_names):
            raise CheckpointError(
                f"{type(self).__name__}: expected the state {list(self.state_names)}, got {sorted(state)}"
            )
        kinds = {name: get_state_kind(getattr(self, name)) for name in self.state_names}
        for name, value in validate_state(state, kinds, "optimizer").items():
            setattr(self, name, copy.deepcopy(value))

    def get_scratch(self, w: Array, name: str = "_scratch", dtype: type | None = None) -> Array:
        """A vector like w, or of another type, the same at every step."""
        kept: Array | None = getattr(self, name, None)
        if kept is None or kept.shape != w.shape or kept.dtype != (dtype or w.dtype):
            kept = np.empty_like(w, dtype)
            setattr(self, name, kept)
        return kept

    def require(self, condition: bool, what: str) -> None:
        """ArgumentError unless ``condition``."""
        if not condition:
            raise ArgumentError(f"{type(self).__name__}: {what}")

    def add_weight_decay(self, w: Array, dw: Array, weight_decay: float | Array) -> Array:
        """dw + weight_decay · w, in scratch memory; dw itself without decay."""
        if isinstance(weight_decay, float | int) and weight_decay == 0:
            return dw
        g = self.get_scratch(w, "_decayed")
        np.multiply(w, weight_decay, out=g)
        np.add(g, dw, out=g)
        return g


def get_state_kind(own: Any) -> Any:
    """What may stand in the place of what an optimizer has now: a count, a number, a vector, vectors, or a stream."""
    if isinstance(own, list):
        return [VECTOR]
    if isinstance(own, dict):
        return dict
    if isinstance(own, int):
        return COUNT
    return float if isinstance(own, float) else (type(None), float, VECTOR)


def evaluate_into(opfunc: OpFunc, w: Array, g: Array) -> float:
    """The loss at w, with its gradient copied into g: the next evaluation may write to the gradient's own memory."""
    loss, dw = opfunc(w)
    np.copyto(g, dw)
    return float(loss)


def update_average(mean: Array, x: Array, decay: float, scratch: Array) -> None:
    """mean ← keep · mean + (1 − keep) · x. ``scratch`` may be x."""
    np.multiply(mean, decay, out=mean)
    np.multiply(x, 1 - decay, out=scratch)
    np.add(mean, scratch, out=mean)
