"""Predictions of test rows as a file, in the form of ``nntrain predict`` for all systems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality.tables import read, write

__all__ = ["PREDICTIONS", "read_predictions", "write_predictions"]

Array = np.ndarray[Any, Any]

PREDICTIONS = "predictions.csv"


def write_predictions(folder: Path, classes: Sequence[str] | None, predicted: Array) -> None:
    """Write probabilities (N, K) of classes, or numbers (N,)."""
    names = ["prediction"] if classes is None else [f"p({name})" for name in classes]
    write(folder / PREDICTIONS, names, ([repr(float(value)) for value in np.atleast_1d(row)] for row in predicted))


def read_predictions(folder: Path) -> tuple[list[str], Array]:
    """Return classes and probabilities (N, K), or no classes and numbers (N,)."""
    names, rows = read(folder / PREDICTIONS)
    chosen = [index for index, name in enumerate(names) if name.startswith("p(")]
    values = np.array([[float(row[index]) for index in chosen or [0]] for row in rows])
    return [names[index][2:-1] for index in chosen], values if chosen else values[:, 0]
