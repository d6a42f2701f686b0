"""The base of all optimizers."""

import copy
from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.buffers import Buffers
from nntrain.errors import ArgumentError, CheckpointError
from nntrain.specs.configurable import Configurable
from nntrain.specs.state_schema import COUNT, VECTOR, validate_state

# The objective to minimize: maps w to (loss, gradient). It may reuse the gradient's memory in every call.
OpFunc: TypeAlias = Callable[[Array], tuple[float, Array]]


class Optimizer(Buffers, Configurable):
    """Minimizes a function of a parameter vector w, in place. Independent of networks.

    A subclass that needs one gradient per update implements ``step``; others override ``advance``. ``state_names``
    lists the attributes of its state: numbers, vectors like w, lists of vectors, and None before the first step.
    ``result_names`` lists what its functional form returns in addition to w and the losses.
    """

    state_names: ClassVar[tuple[str, ...]] = ()
    result_names: ClassVar[tuple[str, ...]] = ()

    # Schedules may set them before each call; None if the algorithm has none.
    learning_rate: float | None = None
    weight_decay: float | None = None

    # Which of these the algorithm can multiply by a factor per parameter, and the factors, vectors like w.
    factor_names: ClassVar[tuple[str, ...]] = ()
    learning_rates: Array | None = None
    weight_decays: Array | None = None

    def set_factors(self, learning_rates: Array | None, weight_decays: Array | None) -> None:
        """Multiply learning rate and weight decay by a factor per parameter, in addition to factors set before.

        ArgumentError if the algorithm has no such factors, i.e. unless they are in ``factor_names``.
        """
        for name, factors in (("learning_rate", learning_rates), ("weight_decay", weight_decays)):
            if factors is not None:
                problem = f"does not support {name}_factor; remove the key, or choose another optimizer"
                self.require(name in self.factor_names, problem)
                before = getattr(self, f"{name}s")
                setattr(self, f"{name}s", factors if before is None else factors * before)

    def advance(self, opfunc: OpFunc, w: Array) -> list[float]:
        """Update w in place and return the losses before each update. ``opfunc`` is always called with w itself."""
        loss, dw = opfunc(w)
        self.step(w, dw)
        return [float(loss)]

    def step(self, w: Array, dw: Array) -> None:
        """Update w in place by its gradient dw, which is not modified."""
        raise NotImplementedError(f"{type(self).__name__} needs the objective; call advance(opfunc, w)")

    def state(self) -> dict[str, Any]:
        """Return the state for the next call, as arrays and JSON values."""
        return {name: copy.deepcopy(getattr(self, name)) for name in self.state_names}

    def restore(self, state: dict[str, Any]) -> None:
        """Load a ``state``. CheckpointError if it is another algorithm's, or has values of wrong kinds."""
        if set(state) != set(self.state_names):
            raise CheckpointError(
                f"{type(self).__name__}: expected the state {list(self.state_names)}, got {sorted(state)}"
            )
        kinds = {name: get_state_kind(getattr(self, name)) for name in self.state_names}
        for name, value in validate_state(state, kinds, "optimizer").items():
            setattr(self, name, copy.deepcopy(value))

    def check_state_sizes(self, w: Array) -> None:
        """CheckpointError unless the vectors of the state have the length of the parameters."""
        for name in self.state_names:
            value = getattr(self, name)
            for vector in value if isinstance(value, list) else [value]:
                if isinstance(vector, np.ndarray) and vector.shape != w.shape:
                    raise CheckpointError(f"the optimizer's {name} has shape {vector.shape}, the parameters {w.shape}")

    def get_scratch(self, w: Array, name: str = "step", dtype: type | None = None) -> Array:
        """Return a scratch vector like w, or of another type, that is reused in every step."""
        return self.buffer(name, w.shape, like=w, dtype=dtype)

    def require(self, condition: bool, message: str) -> None:
        """Raise ArgumentError unless ``condition``."""
        if not condition:
            raise ArgumentError(f"{type(self).__name__}: {message}")

    def add_weight_decay(self, w: Array, dw: Array, weight_decay: float | Array) -> Array:
        """Return dw + weight_decay · w in a scratch buffer; dw itself without decay."""
        if isinstance(weight_decay, float | int) and weight_decay == 0:
            return dw
        g = self.get_scratch(w, "decayed")
        np.multiply(w, weight_decay, out=g)
        np.add(g, dw, out=g)
        return g


def get_state_kind(own: Any) -> Any:
    """Return the kind of values that may replace a state attribute: count, number, vector, vectors, or stream."""
    if isinstance(own, list):
        return [VECTOR]
    if isinstance(own, dict):
        return dict
    if isinstance(own, int):
        return COUNT
    return float if isinstance(own, float) else (type(None), float, VECTOR)


def evaluate_into(opfunc: OpFunc, w: Array, g: Array) -> float:
    """Return the loss at w and copy its gradient into g, because the next evaluation may overwrite it."""
    loss, dw = opfunc(w)
    np.copyto(g, dw)
    return float(loss)


def update_average(mean: Array, x: Array, decay: float, scratch: Array) -> None:
    """mean ← decay · mean + (1 − decay) · x. ``scratch`` may be x."""
    np.multiply(mean, decay, out=mean)
    np.multiply(x, 1 - decay, out=scratch)
    np.add(mean, scratch, out=mean)
