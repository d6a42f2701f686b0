"""Inference of an MLP for one row and for many rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.comparison import Case, Comparison, Row, Settings, SkippedError, get_goal
from benchmarks.mlp.mlp import MLP
from benchmarks.mlp.systems import able, context_of, module_of
from benchmarks.pairing import Work, alternate, scale, turn
from benchmarks.steps import SIZES

__all__ = ["COMPARISON"]

BATCHES = (1, 1024)

# Maximum difference of scores, relative to the largest.
TOLERANCE = 1e-3


def networks(settings: Settings) -> list[MLP]:
    """Return every network with each number of rows."""
    sizes = SIZES[:2] if settings.quick else SIZES
    return [MLP(batch, inputs, hidden) for batch in BATCHES for _, inputs, hidden in sizes]


def name_of(mlp: MLP) -> str:
    """Format rows and widths; there is no optimizer."""
    return str(mlp).rpartition(",")[0].replace("1 rows", "1 row")


def cases(settings: Settings) -> Sequence[Case]:
    """Return every network with one thread and with two."""
    return [Case(name_of(mlp), threads) for threads in (1, 2) for mlp in networks(settings)]


def measure(case: Case, settings: Settings) -> Row:
    """Measure all systems in turns, in microseconds."""
    (mlp,) = (mlp for mlp in networks(settings) if name_of(mlp) == case.name)
    works = {side: module_of(side).predictor(mlp) for side in able(mlp)}
    agree(works)
    turns = {side: turn(work, settings.seconds, context_of(side)) for side, work in works.items()}
    taken = alternate(turns, settings.rounds)
    goals = {"PyTorch": get_goal(1.0, 0.85)} if case.threads == 2 and mlp.batch > 1 else {}
    return Row.of(case, scale(taken, 1e6), goals=goals)


def agree(works: dict[str, Work]) -> None:
    """Raise SkippedError unless the scores agree; scikit-learn has other parameters."""
    scores = {side: np.array(work()) for side, work in works.items() if side != "scikit-learn"}
    first, *others = scores.values()
    for other in others:
        if np.abs(first - other).max() > TOLERANCE * np.abs(first).max():
            raise SkippedError(f"the scores differ between {' and '.join(scores)}")


COMPARISON = Comparison(
    "Inference",
    "The scores of ten classes by the networks of the steps with ReLU, float32: PyTorch in `inference_mode`, JAX "
    "jitted, scikit-learn by `predict_proba`, including its softmax. All systems take turns in one "
    "process.",
    "µs",
    cases,
    measure,
)
