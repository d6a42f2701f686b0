"""The checks of optimizers, on a quadratic function."""

import json
import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nntrain.compute.array import Array
from nntrain.nn.building.factory import build_registered, to_spec
from nntrain.nn.testing.check_failed import CheckFailed, as_check
from nntrain.nn.testing.memory_checks import measure_peak
from nntrain.optim.optimizer import Optimizer
from nntrain.training.testing.training_case import TrainingCase

CALL_COUNT = 50

# Size of the vector, and the fraction of it that a repeated step may allocate temporarily.
VECTOR_SIZE, MAX_FRACTION = 100_000, 1 / 20

# The curvature along each axis, and the minimum.
CURVATURE = np.array([1.0, 2.0, 0.5, 1.5, 3.0])
MINIMUM = np.array([0.5, -1.0, 0.25, 0.0, 1.0])


def build_start(dtype: DTypeLike = "float64") -> Array:
    """Return the starting point."""
    return np.array([2.0, 1.5, -2.0, 1.0, -1.0], dtype)


class QuadraticObjective:
    """½ Σ c (w − b)², its gradient always in the same memory; CheckFailed if that, or w, is replaced or changed."""

    def __init__(self, w: Array) -> None:
        self.w = w
        self.curvature, self.minimum = CURVATURE.astype(w.dtype), MINIMUM.astype(w.dtype)
        self.gradient = np.zeros_like(w)
        self.last_gradient = self.gradient.copy()

    def __call__(self, w: Array) -> tuple[float, Array]:
        if w is not self.w:
            raise CheckFailed("the objective: expected w itself, got another array; change w in place")
        self.check_gradient_unchanged()
        np.subtract(w, self.minimum, out=self.gradient)
        loss = float((self.curvature * self.gradient**2).sum()) / 2
        np.multiply(self.gradient, self.curvature, out=self.gradient)
        self.last_gradient = self.gradient.copy()
        return loss, self.gradient

    def check_gradient_unchanged(self) -> None:
        """CheckFailed if the gradient has changed since the last call."""
        if self.gradient.tobytes() != self.last_gradient.tobytes():
            raise CheckFailed(f"the gradient: expected {self.last_gradient.tolist()}, got {self.gradient.tolist()}")


@as_check
def loss_decreases(case: TrainingCase) -> None:
    """After some steps the loss of a quadratic function is lower than at the start, and reported losses are finite."""
    for dtype in ("float32", "float64"):
        w, optimizer = build_start(dtype), case.build()
        bowl = QuadraticObjective(w)
        before = bowl(w)[0]
        for _ in range(CALL_COUNT):
            losses = optimizer.advance(bowl, w)
            if not losses or not all(type(loss) is float and math.isfinite(loss) for loss in losses):
                raise CheckFailed(f"advance: expected a list of finite numbers, got {losses!r}")
        if not bowl(w)[0] < before:
            raise CheckFailed(
                f"the loss after {CALL_COUNT} calls: expected less than {before:.6g}, got {bowl(w)[0]:.6g}"
            )


@as_check
def step_updates_in_place_and_keeps_gradient(case: TrainingCase) -> None:
    """w keeps its memory and type, and the gradient does not change."""
    for dtype in ("float32", "float64"):
        w, optimizer = build_start(dtype), case.build()
        bowl = QuadraticObjective(w)
        for _ in range(3):
            optimizer.advance(bowl, w)
            bowl.check_gradient_unchanged()
        arrays = {name: value for name, value in vars(optimizer).items() if isinstance(value, np.ndarray)}
        odd = {name: value.dtype for name, value in arrays.items() if value.dtype.kind == "f" and value.dtype != dtype}
        if odd:
            raise CheckFailed(f"{', '.join(odd)}: expected {dtype} as w has, got {', '.join(map(str, odd.values()))}")


@as_check
def resumes_bit_for_bit(case: TrainingCase) -> None:
    """An optimizer with a restored state continues like the original, whose further steps do not change the state."""
    straight, first, second = case.build(), case.build(), case.build()
    w, v = build_start("float32"), build_start("float32")
    for _ in range(7):
        straight.advance(QuadraticObjective(w), w)
    for _ in range(4):
        first.advance(QuadraticObjective(v), v)
    kept, state = v.copy(), first.state()
    first.advance(QuadraticObjective(v), v)
    second.restore({name: read_back(name, value) for name, value in state.items()})
    for _ in range(3):
        second.advance(QuadraticObjective(kept), kept)
    if kept.tobytes() != w.tobytes():
        raise CheckFailed(f"w after a restart: expected {w.tolist()}, got {kept.tolist()}")


def read_back(name: str, value: Any) -> Any:
    """Return a value of a state as read from a checkpoint: arrays and JSON values."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: read_back(f"{name}.{key}", item) for key, item in value.items()}
    if isinstance(value, list):
        return [read_back(name, item) for item in value]
    try:
        return json.loads(json.dumps(value))
    except TypeError as error:
        raise CheckFailed(f"state {name}: {error}") from None


@as_check
def learning_rate_can_be_set(case: TrainingCase) -> None:
    """With a learning_rate of 0, which a schedule may set, w does not change; without a learning rate it is None."""
    optimizer, w = case.build(), build_start()
    if optimizer.learning_rate is None:
        return
    optimizer.learning_rate = 0.0
    optimizer.advance(QuadraticObjective(w), w)
    if w.tobytes() != build_start().tobytes():
        raise CheckFailed(f"w after a step at rate 0: expected {build_start('float64').tolist()}, got {w.tolist()}")


@as_check
def repeated_steps_allocate_nothing(case: TrainingCase) -> None:
    """A repeated step allocates no vector. Only for optimizers that override ``step``."""
    optimizer = case.build()
    if type(optimizer).step is Optimizer.step:
        return
    w = np.linspace(-1, 1, VECTOR_SIZE, dtype=np.float32)
    dw = np.sin(w)
    for _ in range(8):
        optimizer.step(w, dw)
    allocated = measure_peak(partial(optimizer.step, w, dw))
    if allocated > MAX_FRACTION * w.nbytes:
        raise CheckFailed(f"a repeated step: expected no new vectors, got {allocated} bytes for a w of {w.nbytes}")


@as_check
def spec_round_trip(case: TrainingCase) -> None:
    """The spec, with all defaults, builds an object with the same spec."""
    spec = to_spec(case.build())
    again = to_spec(build_registered(spec, case.kind))
    if again != spec:
        raise CheckFailed(f"the spec: expected {spec}, got {again}")
