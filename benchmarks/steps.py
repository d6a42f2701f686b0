"""A training step of an MLP: forward, loss, backward, update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.comparison import Case, Comparison, Goal, Row, Settings, SkippedError
from benchmarks.mlp.mlp import MLP
from benchmarks.mlp.systems import able, context_of, module_of
from benchmarks.pairing import alternate, turn

__all__ = ["COMPARISON", "SIZES"]

# Rows, inputs, and units of each of two hidden layers.
SIZES = [(32, 20, 64), (256, 50, 128), (128, 784, 512), (1024, 784, 1024), (4096, 100, 256)]

# Maximum relative difference of the first losses. Adam's first steps do not depend on the size of the gradient, so the
# rounding of a gradient near 0 changes a full step.
TOLERANCE = {"SGD": 1e-3, "Adam": 5e-2}


def networks(settings: Settings) -> list[MLP]:
    """Return every size, activation and optimizer."""
    return [
        MLP(*size, noisy=noisy, optimizer=optimizer)
        for noisy in (False, True)
        for optimizer in ("SGD", "Adam")
        for size in (SIZES[:2] if settings.quick else SIZES)
    ]


def cases(settings: Settings) -> Sequence[Case]:
    """Return every network with one thread and with two."""
    return [Case(str(mlp), threads) for threads in (1, 2) for mlp in networks(settings)]


def measure(case: Case, settings: Settings) -> Row:
    """Measure steps of every system in turns."""
    (mlp,) = (mlp for mlp in networks(settings) if str(mlp) == case.name)
    sides = able(mlp)
    agree(replace(mlp, dropped=0.0), sides)
    turns = {side: turn(module_of(side).step(mlp), settings.seconds, context_of(side)) for side in sides}
    taken = alternate(turns, settings.rounds)
    milliseconds = {side: [seconds * 1e3 for seconds in rounds] for side, rounds in taken.items()}
    return Row.of(case, milliseconds, goals=goals(mlp) if case.threads == 2 else {})


def goals(mlp: MLP) -> dict[str, Goal]:
    """Return the goals with two threads."""
    first = (mlp.batch, mlp.inputs, mlp.hidden) == SIZES[0]
    return {"PyTorch": Goal(3.5 if first else 1.9), "scikit-learn": Goal(1.5), "JAX jit": Goal(1.0)}


def agree(mlp: MLP, sides: Sequence[str]) -> None:
    """Raise SkippedError unless the losses of three steps agree."""
    losses = {}
    for side in sides:
        step = module_of(side).step(mlp)
        with context_of(side)():
            losses[side] = [step() for _ in range(3)]
    expected = losses[sides[0]]
    for side, got in losses.items():
        if max(abs(a - b) / a for a, b in zip(expected, got, strict=True)) > TOLERANCE[mlp.optimizer]:
            raise SkippedError(f"the losses differ: {sides[0]} {expected}, {side} {got}")


COMPARISON = Comparison(
    "Training step of an MLP",
    "Forward, loss, backward and update on one batch, 10 classes, float32. All systems take turns in one process; "
    "in JAX the complete step is jitted, in scikit-learn it is `partial_fit`. NumPy by hand is the same step without "
    "modules, with reused memory: the time of NumPy itself.",
    "ms",
    cases,
    measure,
)
