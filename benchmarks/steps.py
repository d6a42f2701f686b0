"""A training step of an MLP, and of the default network for tables: forward, loss, backward, update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks.comparison import OURS, Case, Comparison, Goal, Row, Settings, SkippedError, get_goal, there
from benchmarks.ensemble.ensemble import Ensemble
from benchmarks.mlp.mlp import MLP
from benchmarks.mlp.systems import able, context_of, module_of
from benchmarks.pairing import alternate, scale, turn
from benchmarks.step_bytes import component_table, count

__all__ = ["COMPARISON", "SIZES"]

# Rows, inputs, and units of each of two hidden layers.
SIZES = [(32, 20, 64), (256, 50, 128), (128, 784, 512), (1024, 784, 1024), (4096, 100, 256)]

# The default networks for tables: two classes and a number with the quality "good", two classes with "fast".
ENSEMBLES = [
    Ensemble(128, 8, 128, depth=3, classes=2),
    Ensemble(128, 8, 128, depth=3, classes=0),
    Ensemble(64, 4, 64, depth=2, classes=2),
]

# Maximum relative difference of the first losses. Adam's first steps do not depend on the size of the gradient, so the
# rounding of a gradient near 0 changes a full step.
TOLERANCE = {"SGD": 1e-3, "Adam": 5e-2}


def networks(settings: Settings) -> list[MLP | Ensemble]:
    """Return every size, activation and optimizer, and the networks for tables."""
    mlps = [
        MLP(*size, noisy=noisy, optimizer=optimizer)
        for noisy in (False, True)
        for optimizer in ("SGD", "Adam")
        for size in (SIZES[:2] if settings.quick else SIZES)
    ]
    return [*mlps, *ENSEMBLES]


def cases(settings: Settings) -> Sequence[Case]:
    """Return every network with one thread and with two."""
    return [Case(str(network), threads) for threads in (1, 2) for network in networks(settings)]


def measure(case: Case, settings: Settings) -> Row:
    """Measure steps of every system in turns."""
    (network,) = (network for network in networks(settings) if str(network) == case.name)
    sides = sides_of(network)
    agree(replace(network, dropped=0.0), sides)
    turns = {side: turn(step_of(side, network), settings.seconds, context_of(side)) for side in sides}
    taken = alternate(turns, settings.rounds)
    return Row.of(case, scale(taken, 1e3), goals=goals(network, case.threads), traffic=count(network))


def sides_of(network: MLP | Ensemble) -> list[str]:
    """Return the installed systems that have the network."""
    if isinstance(network, MLP):
        return able(network)
    return [OURS, *(["PyTorch"] if there("PyTorch") else [])]


def step_of(side: str, network: MLP | Ensemble) -> Callable[[], float]:
    """Return the step of a network in a system."""
    step: Callable[[], float] = module_of(side, network.folder).step(network)
    return step


def goals(network: MLP | Ensemble, threads: int | None) -> dict[str, Goal]:
    """Return the goals: with two threads, and for JAX with one."""
    if isinstance(network, Ensemble):
        return {"PyTorch": get_goal(1.5, 1.3)} if threads == 2 else {}
    size = network.batch, network.inputs, network.hidden
    if threads == 1:
        return {"JAX jit": Goal(1.0)} if size == SIZES[0] else {}
    if size == SIZES[0]:
        goal = Goal(3.5)
    elif size == SIZES[1]:
        goal = get_goal(1.7, 1.6)
    else:
        goal = get_goal(1.15, 1.0) if network.noisy else get_goal(1.0, 0.85)
    return {"PyTorch": goal, "scikit-learn": Goal(1.5)}


def agree(network: MLP | Ensemble, sides: Sequence[str]) -> None:
    """Raise SkippedError unless the losses of three steps agree."""
    losses = {}
    for side in sides:
        step = step_of(side, network)
        with context_of(side)():
            losses[side] = [step() for _ in range(3)]
    expected = losses[sides[0]]
    for side, got in losses.items():
        if max(abs(a - b) / a for a, b in zip(expected, got, strict=True)) > TOLERANCE[network.optimizer]:
            raise SkippedError(f"the losses differ: {sides[0]} {expected}, {side} {got}")


COMPARISON = Comparison(
    "Training step",
    "Forward, loss, backward and update on one batch, 10 classes, float32. All systems take turns in one process; "
    "in JAX the complete step is jitted, in scikit-learn it is `partial_fit`. NumPy by hand is the same step without "
    "modules, with reused memory: the time of NumPy itself. Networks with members are the defaults for tables. "
    "The bytes are those of nntrain's calls of NumPy; the minimum reads and writes each array once per layer and pass.",
    "ms",
    cases,
    measure,
    after=component_table,
)
