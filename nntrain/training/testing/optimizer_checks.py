"""The laws of optimizers."""

from __future__ import annotations

import json
import math
import tracemalloc
from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.testing.check import as_check
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.optim.optimizer import Optimizer
from nntrain.training.testing.quadratic_objective import QuadraticObjective, build_start
from nntrain.training.testing.training_case import TrainingCase

__all__ = [
    "learning_rate_can_be_set",
    "loss_decreases",
    "repeated_steps_allocate_nothing",
    "resumes_bit_for_bit",
    "spec_round_trip",
    "step_updates_in_place_and_keeps_gradient",
]

CALL_COUNT = 50

# So many numbers has the vector at rest, of which a step may hold a small share beside what it keeps.
VECTOR_SIZE, MAX_FRACTION = 100_000, 1 / 20


@as_check
def loss_decreases(case: TrainingCase) -> None:
    """After some calls a bowl's loss is lower than at the start, and what is told are finite numbers."""
    for dtype in ("float32", "float64"):
        w, optimizer = build_start(dtype), case.build()
        bowl = QuadraticObjective(w)
        before = bowl(w)[0]
        for _ in range(CALL_COUNT):
            losses = optimizer.advance(bowl, w)
            if not losses or not all(type(loss) is float and math.isfinite(loss) for loss in losses):
                raise CheckFailed(f"advance: got {losses!r}, wanted a list of finite numbers")
        if not bowl(w)[0] < before:
            raise CheckFailed(f"the loss after {CALL_COUNT} calls: got {bowl(w)[0]:.6g}, wanted less than {before:.6g}")


@as_check
def step_updates_in_place_and_keeps_gradient(case: TrainingCase) -> None:
    """The vector stays in its memory and of its type, and the gradient what it was."""
    for dtype in ("float32", "float64"):
        w, optimizer = build_start(dtype), case.build()
        bowl = QuadraticObjective(w)
        for _ in range(3):
            optimizer.advance(bowl, w)
            bowl.check_gradient_unchanged()
        odd = {
            name: value.dtype
            for name, value in vars(optimizer).items()
            if is_float_array(value) and value.dtype != dtype
        }
        if odd:
            raise CheckFailed(f"{', '.join(odd)}: got {', '.join(map(str, odd.values()))} beside a w of {dtype}")


def is_float_array(value: Any) -> bool:
    """Whether a value is an array of floating numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


@as_check
def resumes_bit_for_bit(case: TrainingCase) -> None:
    """One that takes on the state goes on as the other does, and the state is not changed by what follows."""
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
        raise CheckFailed(f"w after a restart: got {kept.tolist()}, wanted {w.tolist()}")


def read_back(name: str, value: Any) -> Any:
    """A part of a state as a checkpoint gives it back: arrays and JSON values."""
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
    """With a learning_rate of 0, as a schedule may set it, w stays; one without a rate has None."""
    optimizer, w = case.build(), build_start()
    if optimizer.learning_rate is None:
        return
    optimizer.learning_rate = 0.0
    optimizer.advance(QuadraticObjective(w), w)
    if w.tobytes() != build_start().tobytes():
        raise CheckFailed(f"w after a step at rate 0: got {w.tolist()}, wanted {build_start('float64').tolist()}")


@as_check
def repeated_steps_allocate_nothing(case: TrainingCase) -> None:
    """A step makes no vector anew. Only of one that says ``step``."""
    optimizer = case.build()
    if type(optimizer).step is Optimizer.step:
        return
    w = np.linspace(-1, 1, VECTOR_SIZE, dtype=np.float32)
    dw = np.sin(w)
    for _ in range(8):
        optimizer.step(w, dw)
    allocated = measure_peak(optimizer, w, dw)
    if allocated > MAX_FRACTION * w.nbytes:
        raise CheckFailed(f"a step at rest: allocated {allocated} bytes beside a w of {w.nbytes}")


def measure_peak(optimizer: Optimizer, w: Array, dw: Array) -> int:
    """How many bytes a step holds at most beyond those before it."""
    tracemalloc.start()
    try:
        optimizer.step(w, dw)
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        optimizer.step(w, dw)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@as_check
def spec_round_trip(case: TrainingCase) -> None:
    """The spec, with all defaults in it, makes one of the same spec."""
    case.check_rebuilds()
