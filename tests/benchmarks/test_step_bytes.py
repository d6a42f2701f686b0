"""Bytes per step in the tables of the benchmarks."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.comparison import Case, Row, Settings
from benchmarks.mlp.mlp import MLP
from benchmarks.step_bytes import component_table, count, read_profile
from benchmarks.table import from_json, line, markdown, to_json
from nntrain.training.traffic.traffic import Traffic
from tests.benchmarks.test_table import COMPARISON

SETTINGS = Settings(True, Path("nowhere"), Path("nowhere"))

TRAFFIC = {"Linear forward": Traffic(3_000_000, 2_000_000, 5), "optimizer": Traffic(9_000_000, 3_000_000, 7)}

ROWS = [Row.of(Case("first", 2), {"nntrain": [2.0]}, traffic=TRAFFIC), Row.of(Case("second"), {"nntrain": [3.0]})]


def test_a_network_is_counted_by_class_and_pass() -> None:
    found = count(MLP(8, 5, 4, optimizer="Adam"))
    parameters = (5 * 4 + 4) + (4 * 4 + 4) + (4 * 10 + 10)
    assert found["optimizer"] == Traffic(28 * 4 * parameters, 7 * 4 * parameters, found["optimizer"].uncached)
    assert found["ReLU forward"].moved == 2 * (2 * 4 * 8 * 4)
    assert {"Linear forward", "Linear backward", "ReLU backward", "criterion forward", "criterion backward"} < {*found}


def test_a_table_has_the_bytes_after_the_times() -> None:
    assert markdown(COMPARISON, ROWS).splitlines() == [
        "| case | nntrain, ms | nntrain, MB per step | MB / minimum |",
        "| --- | --- | --- | --- |",
        "| first; 2 threads | 2 | 12 | 2.40 |",
        "| second | 3 |  |  |",
    ]
    assert line(COMPARISON, ROWS[0]).endswith("12 MB per step, 2.40 times the minimum")


def test_bytes_come_through_json() -> None:
    assert [from_json(json.loads(json.dumps(to_json(row)))) for row in ROWS] == ROWS


def test_components_are_sorted_by_the_bytes_above_the_minimum() -> None:
    # With another number of threads, the bytes are the same, and are not added again.
    again = Row.of(Case("first", 1), {"nntrain": [2.0]}, traffic=TRAFFIC)
    (table,) = component_table([*ROWS, again], SETTINGS)
    assert table.splitlines()[2:] == [
        "| optimizer | 9 | 3 | 3.00 | 6 | 7e-06 |",
        "| Linear forward | 3 | 2 | 1.50 | 1 | 5e-06 |",
    ]
    assert component_table(ROWS[1:], SETTINGS) == []


def test_the_bytes_of_a_run_are_those_of_its_profile(tmp_path: Path) -> None:
    bytes_ = {"moved": 8, "minimum": 4, "uncached": 2, "ratio": 2.0}
    layer = {"forward": {"seconds": 0, "calls": 1, "bytes_per_step": bytes_}, "bytes_per_step": bytes_}
    profile = {
        "layers": [{"name": name, **layer} for name in ("Linear(4 -> 5)", "Sequential[1] > Linear(5 -> 3)")],
        "parts": [{"name": "optimizer", "bytes_per_step": bytes_}, {"name": "criterion", **layer}, {"name": "other"}],
    }
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(profile))
    assert read_profile(path) == {
        "Linear forward": Traffic(16, 8, 4),
        "optimizer": Traffic(8, 4, 2),
        "criterion forward": Traffic(8, 4, 2),
    }
