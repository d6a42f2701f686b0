"""Reading and encoding a table: nntrain against pandas with scikit-learn's encoders."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.comparison import OURS, Case, Comparison, Goal, Row, Settings, SkippedError, there
from benchmarks.pairing import alternate, scale, turn
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions

__all__ = ["COMPARISON"]

THEIRS = "pandas with scikit-learn"

# Fractions of the rows, as in ``nntrain fit``.
VALIDATION, TEST = 0.15, 0.15

NUMBERS = 28


def cases(settings: Settings) -> Sequence[Case]:
    """Return a table with categories, and one of numbers only."""
    rows = 20_000 if settings.quick else 400_000
    return [Case("adult, 32,561 × 15"), Case(f"numbers, {rows:,} × {NUMBERS + 1}")]


def measure(case: Case, settings: Settings) -> Row:
    """Measure both in turns."""
    if case.name.startswith("adult"):
        path, target = settings.data / "adult-train.csv", "income"
        if not path.is_file():
            raise SkippedError(f"{path.name} is not in the folder of --data")
    else:
        path, target = numbers(settings, int(case.name.split()[1].replace(",", ""))), "y"
    works: dict[str, Callable[[], Any]] = {OURS: lambda: ours(path, target)}
    if there("scikit-learn"):
        works[THEIRS] = lambda: theirs(path, target)
        agree(ours(path, target), theirs(path, target))
    taken = alternate({side: turn(work, settings.seconds) for side, work in works.items()}, settings.rounds)
    return Row.of(case, scale(taken, 1e3), goals={THEIRS: Goal(1.0)})


def ours(path: Path, target: str) -> DatasetSplits:
    """Do what ``nntrain fit`` does before it builds a network."""
    return load_data(DataOptions(str(path), target=target, validation=VALIDATION, test=TEST, one_hot_limit=64), seed=1)


def theirs(path: Path, target: str) -> list[tuple[Any, Any]]:
    """Read, split by class, fit the encoders on the training set, encode every set."""
    import pandas  # type: ignore[import-untyped]
    from sklearn.compose import ColumnTransformer, make_column_selector
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler

    table = pandas.read_csv(path)
    answers = table.pop(target)
    encoders = ColumnTransformer(
        [
            ("numbers", StandardScaler(), make_column_selector(dtype_include="number")),
            (
                "categories",
                OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=np.float32),
                make_column_selector(dtype_exclude="number"),
            ),
        ]
    )
    labels = LabelEncoder()
    x, rest_x, t, rest_t = train_test_split(table, answers, test_size=VALIDATION + TEST, stratify=answers)
    share = TEST / (VALIDATION + TEST)
    x2, x3, t2, t3 = train_test_split(rest_x, rest_t, test_size=share, stratify=rest_t)
    parts = [(encoders.fit_transform(x), labels.fit_transform(t))]
    parts += [(encoders.transform(x), labels.transform(t)) for x, t in ((x2, t2), (x3, t3))]
    return [(x.astype(np.float32), t) for x, t in parts]


def agree(made: DatasetSplits, parts: list[tuple[Any, Any]]) -> None:
    """Raise SkippedError unless both give equally many rows and about equally many inputs (rare categories differ)."""
    assert isinstance(made.train.inputs, np.ndarray)
    here, there = made.train.inputs.shape, parts[0][0].shape
    if abs(here[0] - there[0]) > 1 or not 0.9 < here[1] / there[1] < 1.1:
        raise SkippedError(f"the training rows have the shapes {here} and {there}")


def numbers(settings: Settings, rows: int) -> Path:
    """Write a file of numeric rows with a class that depends on them, unless it exists."""
    import duckdb

    path = settings.out / f"numbers-{rows}.csv"
    if not path.is_file():
        uniform = "hash(i * 64 + {}) / 18446744073709551616.0"
        inputs = ", ".join(f"round({uniform.format(k)} * 100 - 50, 4) AS x{k}" for k in range(NUMBERS))
        query = f"SELECT * EXCLUDE i, (x0 - x1 > x2)::INT AS y FROM (SELECT i, {inputs} FROM range({rows}) AS made(i))"
        temporary = path.with_suffix(".tmp")
        with duckdb.connect() as connection:
            connection.execute(f"COPY ({query}) TO '{temporary}' (HEADER, FORMAT csv)")
        os.replace(temporary, path)
    return path


COMPARISON = Comparison(
    "Reading and encoding",
    "From a CSV file to float32 arrays of three sets: categories one-hot, numbers standardized, fitted on the training "
    "set, against pandas.read_csv, train_test_split and a ColumnTransformer of OneHotEncoder and StandardScaler. "
    "nntrain also checks every value, detects columns that leak the target, and computes the file's fingerprint.",
    "ms",
    cases,
    measure,
)
