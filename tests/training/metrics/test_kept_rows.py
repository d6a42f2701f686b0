"""Scores for which all rows are kept count in the memory of a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain.data.dataset import Dataset
from nntrain.errors import DataError
from nntrain.training.metric_collection import MetricCollection, check_metric_memory, check_tuning_memory
from nntrain.training.metrics.pr_auc import PRAUC
from nntrain.training.metrics.roc_auc import ROCAUC

MEMORY = 512 * 10**6


def board(*metrics: ROCAUC | PRAUC) -> MetricCollection:
    for metric in metrics:
        metric.reset("classification", ["no", "yes"])
    return cast(MetricCollection, SimpleNamespace(metrics=metrics))


def part(rows: int, *, weighed: bool = False) -> Dataset:
    return Dataset(np.empty((0, 1)), None, rows, weights=np.empty(0) if weighed else None)


def test_areas_under_curves_of_many_rows_are_refused() -> None:
    check_metric_memory(board(ROCAUC()), [part(1000), part(20_000_000)], MEMORY, "do less")
    # Other areas, and weights, are sorted together with their rows.
    for metric, many in ((PRAUC(), part(20_000_000)), (ROCAUC(), part(20_000_000, weighed=True))):
        with pytest.raises(DataError, match=r"_auc of 20,000,000 rows takes about 2\.\d GB of memory"):
            check_metric_memory(board(metric), [part(1000), many], MEMORY, "do less")
    check_metric_memory(board(), [part(10**12)], MEMORY, "do less")


def test_choosing_a_threshold_by_many_rows_is_refused() -> None:
    check_tuning_memory(part(2_000_000), 2, MEMORY)
    with pytest.raises(DataError, match=r"train\.threshold.*; raise the limit with --memory \d+MB, or set train"):
        check_tuning_memory(part(3_000_000), 2, MEMORY)


def test_fit_counts_its_scores(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("x,y\n" + "".join(f"{number * 7 % 13}.5,{'ab'[number % 2]}\n" for number in range(100)))
    monkeypatch.setattr(ROCAUC, "get_bytes_per_row", lambda self, *, is_weighted=False: 10**7)
    command = ["fit", str(rows), "--target", "y", "--out", str(tmp_path / "run"), "--memory", "300MB"]
    assert run_command(command) == 3
    assert "roc_auc of 70 rows takes about 900 MB of memory" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_evaluate_counts_its_scores(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    rows, run = tmp_path / "rows.csv", str(tmp_path / "run")
    rows.write_text("x,y\n" + "".join(f"{number * 7 % 13}.5,{'ab'[number % 2]}\n" for number in range(100)))
    assert run_command(["fit", str(rows), "--target", "y", "--out", run, "--set", "train.epochs=1"]) == 0
    monkeypatch.setattr(ROCAUC, "get_bytes_per_row", lambda self, *, is_weighted=False: 2 * 10**7)
    assert run_command(["evaluate", run, "--memory", "300MB"]) == 3
    assert "roc_auc of 15 rows takes about 500 MB of memory" in capsys.readouterr().err
