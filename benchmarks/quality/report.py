"""The lines after the table of errors: means over all tables, probabilities, times and memory."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.comparison import Row, Settings
from benchmarks.quality.results import Results
from benchmarks.quality.scores import geometric_mean
from benchmarks.quality.systems import BEST, FAST, GOOD, SYSTEMS
from benchmarks.table import figure, grid

__all__ = ["compare", "report", "table_ratio"]

# A ratio of errors up to here is as good.
CLOSE = 1.02

# The system with which probabilities are compared.
CALIBRATED = "CatBoost"

FIGURES = {
    "log_loss": "Log loss of the test rows",
    "calibration_error": "Calibration error of the test rows, in 15 bins of the highest probability",
    "seconds": "Seconds of training and prediction: complete processes, from start to end",
    "memory": "Peak memory of the processes, MiB",
}


def report(rows: Sequence[Row], settings: Settings) -> Sequence[str]:
    """Return tables of the results in the file, for the tables of some rows."""
    results, tables = Results(settings), [row.case.name for row in rows]
    others = [system.name for system in SYSTEMS if system.name not in (GOOD, FAST, BEST)]
    lines = [
        compare(results, tables, "error", others, "Errors of nntrain / errors of the other, geometric means"),
        compare(results, tables, "log_loss", [CALIBRATED], "Log losses"),
        compare(results, tables, "calibration_error", [CALIBRATED], "Calibration errors"),
        *(f"{title}, medians:\n\n{figures(results, tables, key)}" for key, title in FIGURES.items()),
        *failures(results, tables),
    ]
    return [line for line in lines if line]


def compare(results: Results, tables: Sequence[str], key: str, others: Sequence[str], title: str) -> str:
    """Format how nntrain compares with other systems in one error; empty without a common table."""
    body = []
    for ours in (FAST, GOOD, BEST):
        for other in others:
            found = [table_ratio(results.errors(t, ours, key), results.errors(t, other, key)) for t in tables]
            each = [ratio for ratio in found if ratio is not None]
            if each:
                better, close = (sum(ratio < 1 for ratio in each), sum(ratio <= CLOSE for ratio in each))
                mean = f"{geometric_mean(each):.3f}"
                body.append([f"{ours} / {other}", mean, f"{better} of {len(each)}", f"{close} of {len(each)}"])
    head = ["", "geometric mean", "better", "better or within 2 %"]
    return f"{title}; below 1, nntrain is better:\n\n{grid(head, body)}" if body else ""


def table_ratio(ours: Mapping[int, float], theirs: Mapping[int, float]) -> float | None:
    """Return the median ratio of two errors over the splits of a table; None without a common split."""
    each = [error / theirs[seed] for seed, error in ours.items() if seed in theirs]
    return statistics.median(each) if each else None


def figures(results: Results, tables: Sequence[str], key: str) -> str:
    """Format the medians of one figure, by table and system."""
    body = []
    for table in tables:
        found = [results.values(table, system.name, key) for system in SYSTEMS]
        if any(found):
            body.append([table, *(figure(statistics.median(values.values())) if values else "" for values in found)])
    return grid(["", *(system.name for system in SYSTEMS)], body)


def failures(results: Results, tables: Sequence[str]) -> Sequence[str]:
    """Return a line for each fit that failed."""
    fits = [fit for table in tables for system in SYSTEMS for fit in results.of(table, system.name)]
    return [
        f"{fit['table']}, split {fit['seed']}: {fit['system']} failed: {fit['failed']}"
        for fit in fits
        if "failed" in fit
    ]
