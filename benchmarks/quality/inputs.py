"""The files of a split as data frames, for the systems in Python."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Array", "Inputs", "load_inputs"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Inputs:
    """Rows of the three sets: numbers are floats, NaN if missing; categories are strings, empty if missing."""

    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame
    # Numbers, or indices into ``classes``.
    train_target: Array
    validation_target: Array
    # None: a regression.
    classes: Sequence[str] | None
    numbers: Sequence[str]
    seed: int

    @property
    def categories(self) -> list[str]:
        """The columns that are no numbers."""
        return [name for name in self.train.columns if name not in self.numbers]

    @property
    def sets(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """The inputs of the training, validation and test rows."""
        return self.train, self.validation, self.test

    def typed(self) -> list[pd.DataFrame]:
        """The inputs of the three sets with categories of the training rows; others are missing."""
        types = {name: pd.CategoricalDtype(sorted(set(self.train[name]) - {""})) for name in self.categories}
        return [rows.astype(types) for rows in self.sets]


def load_inputs(folder: Path) -> Inputs:
    """Read the files that ``Split.save`` wrote."""
    facts = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    train, validation, test = (
        load(folder / f"{name}.csv", facts["numbers"]) for name in ("train", "validation", "test")
    )
    targets = [rows.pop(facts["target"]) for rows in (train, validation)]
    classes = None if facts["task"] == "regression" else sorted(set(targets[0]))
    first, second = (
        target.astype(float).to_numpy() if classes is None else np.array([classes.index(name) for name in target])
        for target in targets
    )
    return Inputs(train, validation, test, first, second, classes, facts["numbers"], facts["seed"])


def load(path: Path, numbers: Sequence[str]) -> pd.DataFrame:
    """Read a file as strings, and convert the numbers."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    return rows.assign(**{name: pd.to_numeric(rows[name].replace("", None)).astype(float) for name in numbers})
