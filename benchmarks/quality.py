"""Prediction quality of the defaults against scikit-learn's MLP on the same rows with hand-written preprocessing.

    pip install "nntrain[bench]"
    python benchmarks/quality.py FOLDER [--seeds 1 2 3] [--only NAME]

FOLDER contains adult-train.csv, adult-test.csv, housing.csv, diamonds.csv, titanic.csv and mnist-10k.h5. If a data set
has no test set, a fifth of the rows is held out, depending on the seed. nntrain runs with defaults,
``nntrain fit DATA --target COLUMN``, and the seed. For scikit-learn, numbers are standardized and imputed by the
median, categories are one-hot, the target of a regression is standardized, and early stopping is as in nntrain. Each
result is the median over the seeds.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

Rows = list[list[str]]


@dataclass(frozen=True)
class Table:
    """A data set: file, target, and settings of the hand-written preprocessing."""

    name: str
    file: str
    target: str
    categories: Sequence[str]
    regression: bool = False
    test_file: str | None = None
    ignore: Sequence[str] = ()


TABLES = [
    Table(
        "adult",
        "adult-train.csv",
        "income",
        ["workclass", "education", "marital_status", "occupation", "relationship", "race", "sex", "native_country"],
        test_file="adult-test.csv",
    ),
    Table("housing", "housing.csv", "median_house_value", ["ocean_proximity"], regression=True),
    Table("diamonds", "diamonds.csv", "price", ["cut", "color", "clarity"], regression=True),
    Table(
        "titanic",
        "titanic.csv",
        "survived",
        ["sex", "embarked", "class", "who", "adult_male", "deck", "embark_town", "alone"],
        ignore=["alive"],
    ),
]


def read(path: Path) -> tuple[list[str], Rows]:
    """Read column names and rows."""
    with path.open(newline="") as file:
        names, *rows = csv.reader(file)
    return names, rows


def write(path: Path, names: list[str], rows: Rows) -> None:
    """Write a table as a CSV file."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([names, *rows])


def split(table: Table, folder: Path, seed: int) -> tuple[list[str], Rows, Rows]:
    """Return column names, training rows and test rows."""
    names, rows = read(folder / table.file)
    if table.test_file:
        return names, rows, read(folder / table.test_file)[1]
    random.Random(seed).shuffle(rows)
    held_out = len(rows) // 5
    return names, rows[held_out:], rows[:held_out]


def run(arguments: Sequence[str]) -> str:
    """Run nntrain and return its output. CalledProcessError if it fails."""
    command = [sys.executable, "-m", "nntrain", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def ours_on_table(table: Table, names: list[str], train: Rows, test: Rows, seed: int) -> float:
    """Return the score of ``nntrain fit`` and ``nntrain evaluate``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "train.csv", names, train)
        write(folder / "test.csv", names, test)
        run_folder = str(folder / "run")
        settings = [f"train.seed={seed}", "data.test=0", f"data.ignore={json.dumps(list(table.ignore))}"]
        sets = [part for setting in settings for part in ("--set", setting)]
        run(["fit", str(folder / "train.csv"), "--target", table.target, "--out", run_folder, *sets])
        scores = json.loads(run(["evaluate", run_folder, str(folder / "test.csv"), "--json"]))
        return float(scores["r2" if table.regression else "accuracy"])


def theirs_on_table(table: Table, names: list[str], train: Rows, test: Rows, seed: int) -> float:
    """Return the score of scikit-learn's MLP."""
    inputs = [name for name in names if name != table.target and name not in table.ignore]
    numbers = [name for name in inputs if name not in table.categories]

    def columns(rows: Rows, selected: Sequence[str]) -> Any:
        return [[row[names.index(name)] for name in selected] for row in rows]

    def encoded(rows: Rows) -> Any:
        measured = np.array([[float(v) if v else np.nan for v in row] for row in columns(rows, numbers)], object)
        return np.concatenate([measured, np.array(columns(rows, table.categories), object)], axis=1)

    first = len(numbers)
    preprocessing = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), slice(0, first)),
            ("categories", OneHotEncoder(handle_unknown="ignore"), slice(first, len(inputs))),
        ]
    )
    truths, answers = ([row[names.index(table.target)] for row in rows] for rows in (train, test))
    if table.regression:
        network = MLPRegressor(early_stopping=True, random_state=seed)
        model: Any = TransformedTargetRegressor(make_pipeline(preprocessing, network), transformer=StandardScaler())
        return float(model.fit(encoded(train), np.array(truths, float)).score(encoded(test), np.array(answers, float)))
    model = make_pipeline(preprocessing, MLPClassifier(early_stopping=True, random_state=seed))
    return float(model.fit(encoded(train), truths).score(encoded(test), answers))


def ours_on_digits(path: Path, seed: int) -> float:
    """Return the score of ``nntrain fit`` on the test set of digits."""
    with tempfile.TemporaryDirectory() as folder:
        run_folder = str(Path(folder) / "run")
        run(["fit", str(path), "--out", run_folder, "--set", f"train.seed={seed}"])
        return float(json.loads(run(["evaluate", run_folder, "--json"]))["accuracy"])


def theirs_on_digits(path: Path, seed: int) -> float:
    """Return the score of scikit-learn's MLP on the test set of digits."""
    with h5py.File(path) as file:
        parts = {name: (file[name]["inputs"][:].reshape(-1, 784) / 255, file[name]["targets"][:]) for name in file}
    return float(MLPClassifier(early_stopping=True, random_state=seed).fit(*parts["train"]).score(*parts["test"]))


def line(name: str, score: str, ours: list[float], theirs: list[float]) -> None:
    """Format one line of the table."""
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"| {name} | {score} | {mine:.4f} | {other:.4f} | {mine - other:+.4f} |", flush=True)


def main() -> None:
    """Run all comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--only", default="", help="a part of the names to compare")
    options = parser.parse_args()
    print("| data | score | nntrain | scikit-learn | difference |\n|---|---|---|---|---|")
    for table in TABLES:
        if options.only in table.name:
            ours, theirs = [], []
            for seed in options.seeds:
                parts = split(table, options.folder, seed)
                ours.append(ours_on_table(table, *parts, seed))
                theirs.append(theirs_on_table(table, *parts, seed))
            line(table.name, "R²" if table.regression else "accuracy", ours, theirs)
    if options.only in "mnist-10k":
        digits = options.folder / "mnist-10k.h5"
        line(
            "mnist-10k",
            "accuracy",
            [ours_on_digits(digits, seed) for seed in options.seeds],
            [theirs_on_digits(digits, seed) for seed in options.seeds],
        )


if __name__ == "__main__":
    main()
