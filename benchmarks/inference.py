"""Scores of an MLP for one row, and for many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.comparison import Case, Comparison, Row, Settings, SkippedError
from benchmarks.mlp.mlp import MLP
from benchmarks.mlp.systems import able, context_of, module_of
from benchmarks.pairing import Work, alternate, turn
from benchmarks.steps import SIZES

__all__ = ["COMPARISON"]

BATCHES = (1, 1024)

# What a score may differ by, of the largest.
TOLERANCE = 1e-3


def networks(settings: Settings) -> list[MLP]:
    """Every network, with each number of rows."""
    sizes = SIZES[:2] if settings.quick else SIZES
    return [MLP(batch, inputs, hidden) for batch in BATCHES for _, inputs, hidden in sizes]


def name_of(mlp: MLP) -> str:
    """The rows and the widths: nothing is learnt, so there is no optimizer."""
    return str(mlp).rpartition(",")[0].replace("1 rows", "1 row")


def cases(settings: Settings) -> Sequence[Case]:
    """Every network, with one thread and with two."""
    return [Case(name_of(mlp), threads) for threads in (1, 2) for mlp in networks(settings)]


def measure(case: Case, settings: Settings) -> Row:
    """All systems in turns; microseconds."""
    (mlp,) = (mlp for mlp in networks(settings) if name_of(mlp) == case.name)
    works = {side: module_of(side).predictor(mlp) for side in able(mlp)}
    agree(works)
    turns = {side: turn(work, settings.seconds, context_of(side)) for side, work in works.items()}
    taken = alternate(turns, settings.rounds)
    return Row.of(case, {side: [seconds * 1e6 for seconds in rounds] for side, rounds in taken.items()})


def agree(works: dict[str, Work]) -> None:
    """SkippedError unless the scores are the same; those of scikit-learn are of other parameters."""
    scores = {side: np.array(work()) for side, work in works.items() if side != "scikit-learn"}
    first, *others = scores.values()
    for other in others:
        if np.abs(first - other).max() > TOLERANCE * np.abs(first).max():
            raise SkippedError(f"the scores differ between {' and '.join(scores)}")


COMPARISON = Comparison(
    "Inference",
    "The scores of ten classes by the networks of the steps with ReLU, float32: PyTorch in `inference_mode`, JAX "
    "jitted, scikit-learn by `predict_proba`, whose softmax is in its time. All systems are in one process and take "
    "turns.",
    "µs",
    cases,
    measure,
)
