"""``python -m benchmarks quality``: the errors of the systems on each table."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.comparison import Case, Comparison, Row, Settings
from benchmarks.pairing import medians, ratios
from benchmarks.process import Finished, finished
from benchmarks.quality.predictions import read_predictions
from benchmarks.quality.report import report
from benchmarks.quality.results import Results
from benchmarks.quality.scores import score_classes, score_numbers
from benchmarks.quality.splits import Split, seeds, split
from benchmarks.quality.systems import GOOD, SYSTEMS, System
from benchmarks.quality.tables import TABLES, table_of

__all__ = ["COMPARISON"]


def cases(settings: Settings) -> Sequence[Case]:
    """Return one case for each table."""
    return [Case(table.name) for table in TABLES]


def measure(case: Case, settings: Settings) -> Row:
    """Make the fits that have no result yet, one at a time, and return the errors."""
    table, results = table_of(case.name), Results(settings)
    systems = [system for system in SYSTEMS if system.installed]
    for seed in seeds(settings):
        rows = split(table, seed, settings)
        for system in systems:
            if not results.has(rows, system):
                results.add(rows, system, result_of(system, rows, settings))
    return row_of(case, results, [system.name for system in systems], seeds(settings))


def row_of(case: Case, results: Results, systems: Sequence[str], seeds: Sequence[int]) -> Row:
    """Return the errors of the systems with a result for every seed. RuntimeError if nntrain has none."""
    taken = {}
    for system in systems:
        errors = results.errors(case.name, system)
        if all(seed in errors for seed in seeds):
            taken[system] = [errors[seed] for seed in seeds]
    if GOOD not in taken:
        raise RuntimeError(f"{GOOD} failed: see {results.path}")
    return Row(case, medians(taken), ratios(taken, GOOD))


def result_of(system: System, rows: Split, settings: Settings) -> dict[str, Any]:
    """Fit a system in processes of its own; return scores, seconds and memory, or why it failed."""
    with TemporaryDirectory(dir=settings.out) as name:
        folder = Path(name).resolve()
        rows.save(folder)
        try:
            done = [finished(command) for command in system.commands(rows, folder)]
        except subprocess.CalledProcessError as error:
            last = (error.output or "").strip().splitlines()[-1:] or [f"exit code {error.returncode}"]
            return {"failed": last[0]}
        return {**scores(rows, folder), **costs(done)}


def scores(rows: Split, folder: Path) -> dict[str, float]:
    """Score the predictions of the test rows. ValueError if their number differs."""
    classes, predicted = read_predictions(folder)
    if len(predicted) != len(rows.test):
        raise ValueError(f"expected predictions of {len(rows.test)} rows, got {len(predicted)}")
    if rows.table.regression:
        return score_numbers(predicted, np.array(rows.truth, float))
    return score_classes(predicted, classes, rows.truth)


def costs(done: Sequence[Finished]) -> dict[str, float]:
    """Return the seconds of all processes of a fit, and the largest peak memory in MiB."""
    return {"seconds": sum(one.seconds for one in done), "memory": max(one.peak for one in done) / 2**20}


COMPARISON = Comparison(
    "Prediction quality",
    "Test errors on ten tables: 1 − accuracy, or 1 − R²; medians of three random splits, and ratios of the same split "
    "(an error of less than half a test row counts as half a row). A fifth of the rows is the test set (adult has a "
    "test file), 15 % of the others the validation set. All systems get the same training rows, and the same "
    "validation rows for early stopping only. Columns whose cells are all numbers are numbers, others are categories, "
    "empty cells are missing; titanic is without `alive`. nntrain: `nntrain fit` with `train.quality`, and `nntrain "
    "predict`. scikit-learn's MLP: standardized numbers, imputed by the median, one-hot categories, standardized "
    "targets, its own rule of early stopping. HistGradientBoosting and CatBoost: defaults with up to 1,000 trees, and "
    "LightGBM: with its default of up to 100 trees, and with up to 1,000; their own treatment of categories "
    "(HistGradientBoosting: rare ones together above 254), LightGBM and CatBoost with 50 rounds of patience. RealMLP "
    "and TabM: the tuned defaults of pytabkit.",
    "error",
    cases,
    measure,
    base=GOOD,
    after=report,
)
