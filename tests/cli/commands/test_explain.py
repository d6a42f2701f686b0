"""``nntrain explain``: importance, dependence, and contributions, as text and as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.cli.commands import explain
from nntrain.data.streaming import memory_budget, streamed_table
from nntrain.explanation import integrated_gradients

Command = Callable[..., Any]

FAST = ("--set", "train.epochs=3", "--no-report")


@pytest.fixture
def trained(nntrain: Command, iris: Path) -> str:
    assert nntrain("fit", iris, "--target", "species", *FAST).code == 0
    return "runs/iris"


@pytest.fixture
def features(nntrain: Command, tmp_path: Path) -> str:
    """A run on an HDF5 file whose second feature is missing in some rows; it decides the target."""
    random = np.random.default_rng(0)
    x = random.normal(size=(200, 3)).astype(np.float32)
    y = (x[:, 1] > 0).astype(np.int64)
    x[::11, 1] = np.nan
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        file["inputs"], file["targets"] = x, y
    with h5py.File(tmp_path / "new.h5", "w") as file:
        file["inputs"] = x[:5]
    assert nntrain("fit", "rows.h5", "--set", "train.epochs=20", "--out", "run", "--no-report").code == 0
    return "run"


def parse(outcome: Any) -> dict[str, Any]:
    assert outcome.code == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def test_columns_are_listed_by_importance_with_the_dependence_on_the_first(nntrain: Command, trained: str) -> None:
    found = parse(nntrain("explain", trained, "--json"))
    assert (found["rows"], found["scored_rows"], found["repeats"], found["score"]) == (23, 23, 10, "accuracy")
    assert {column["name"] for column in found["importance"]} == {
        "petal_length",
        "petal_width",
        "sepal_length",
        "sepal_width",
    }
    assert all(column["low"] <= column["importance"] <= column["high"] for column in found["importance"])
    first = found["partial_dependence"][0]
    assert first["column"] == found["importance"][0]["name"]
    assert list(first["mean"]) == ["p(setosa)", "p(versicolor)", "p(virginica)"]
    assert sum(means[0] for means in first["mean"].values()) == pytest.approx(1, abs=1e-5)
    assert len(first["individual"][0]) == len(first["values"])
    text = nntrain("explain", trained).out
    assert text.startswith("23 rows of the test set of ")
    assert "Importance: how much worse accuracy gets if a column is shuffled (mean of 10 repeats)" in text
    assert f"\n{found['importance'][0]['name']}" in text
    assert "more values; --json prints them" in text


def test_the_same_command_prints_the_same(nntrain: Command, trained: str) -> None:
    assert nntrain("explain", trained, "--json").out == nntrain("explain", trained, "--json").out


def test_the_score_can_be_chosen(nntrain: Command, trained: str) -> None:
    assert parse(nntrain("explain", trained, "--metric", "log_loss", "--json"))["score"] == "log_loss"
    loss = parse(nntrain("explain", trained, "--metric", "loss", "--repeats", 3, "--json"))
    assert (loss["score"], loss["repeats"]) == ("loss", 3)


def test_a_row_of_the_test_set_is_the_row_of_the_file_that_it_names(nntrain: Command, trained: str, iris: Path) -> None:
    (own,) = parse(nntrain("explain", trained, "--row", 3, "--json"))["row_contributions"]
    (same,) = parse(nntrain("explain", trained, iris, "--row", own["file_row"], "--json"))["row_contributions"]
    assert (same["row"], same["file_row"]) == (own["file_row"], None)
    assert same["contributions"] == pytest.approx(own["contributions"], abs=1e-5)
    assert (same["values"], same["output"]) == (own["values"], own["output"])
    cells = list(csv.DictReader(iris.read_text().splitlines()))[own["file_row"] - 1]
    assert {name: float(value) for name, value in own["values"].items()} == {
        name: float(cells[name]) for name in own["values"]
    }
    assert (
        f"Row 3 (row {own['file_row']} of the file): {own['output']} is " in nntrain("explain", trained, "--row", 3).out
    )


def test_contributions_and_baseline_sum_up_to_the_prediction(nntrain: Command, trained: str, iris: Path) -> None:
    rows = parse(nntrain("explain", trained, iris, "--row", 150, "--row", 1, "--json"))["row_contributions"]
    assert [row["row"] for row in rows] == [150, 1]
    predicted = list(csv.DictReader(nntrain("predict", trained, iris).out.splitlines()))
    for row in rows:
        assert row["is_exact"]
        assert row["prediction"] == pytest.approx(float(predicted[row["row"] - 1][row["output"]]), abs=1e-6)
        assert row["baseline"] + sum(row["contributions"].values()) == pytest.approx(row["prediction"], abs=1e-3)


def test_another_class_can_be_explained(nntrain: Command, trained: str) -> None:
    (row,) = parse(nntrain("explain", trained, "--row", 1, "--output", "virginica", "--json"))["row_contributions"]
    assert row["output"] == "p(virginica)"


def test_rows_without_targets_have_contributions_but_no_importance(
    nntrain: Command, trained: str, iris: Path, tmp_path: Path
) -> None:
    lines = [line.rpartition(",")[0] for line in iris.read_text().splitlines()]
    (tmp_path / "new.csv").write_text("\n".join(lines[:5]) + "\n")
    assert "p(" in nntrain("explain", trained, "new.csv", "--row", 2).out
    refused = nntrain("explain", trained, "new.csv")
    assert refused.code == 3
    assert refused.err == (
        "Error: new.csv: no column 'species', which the network predicts; importance needs the targets, --row does "
        "not: nntrain explain runs/iris new.csv --row 1\n"
    )


def test_features_have_importance_dependence_and_contributions(nntrain: Command, features: str) -> None:
    found = parse(nntrain("explain", features, "--json"))
    first = found["importance"][0]
    assert first["name"] == "inputs[1]"
    assert first["low"] > 0
    dependence = found["partial_dependence"][0]
    assert dependence["column"] == "inputs[1]"
    values = [float(value) for value in dependence["values"]]
    assert values == sorted(values)
    means = dependence["mean"]["p(1)"]
    assert means[-1] - means[0] > 0.3
    rows = parse(nntrain("explain", features, "new.h5", "--row", 1, "--row", 2, "--json"))["row_contributions"]
    assert list(rows[0]["values"]) == ["inputs[0]", "inputs[1]", "inputs[2]"]
    assert rows[0]["values"]["inputs[1]"] == ""
    assert abs(rows[1]["contributions"]["inputs[1]"]) == max(map(abs, rows[1]["contributions"].values()))


def test_datasets_of_a_file_can_be_named(nntrain: Command, features: str) -> None:
    found = parse(nntrain("explain", features, "rows.h5", "--inputs", "/inputs", "--targets", "/targets", "--json"))
    assert found["rows"] == 200
    refused = nntrain("explain", features, "new.h5")
    assert refused.code == 3
    assert "importance needs the targets" in refused.err


def test_images_have_contributions_of_pixels(nntrain: Command, iris: Path) -> None:
    digits = iris.with_name("digits.h5")
    assert nntrain("fit", digits, "--set", "train.epochs=1", "--out", "run", "--no-report").code == 0
    (row,) = parse(nntrain("explain", "run", "--row", 1, "--json"))["row_contributions"]
    pixels = np.array(row["pixels"])
    assert pixels.shape == (1, 8, 8)
    assert row["baseline"] + pixels.sum() == pytest.approx(row["prediction"], abs=1e-3)
    text = nntrain("explain", "run", "--row", 1).out
    largest = np.unravel_index(np.abs(pixels).argmax(), pixels.shape)
    assert f"\n{', '.join(map(str, largest))}  " in text
    assert "... and 44 more pixels; --json prints them" in text
    refused = nntrain("explain", "run")
    assert refused.code == 2
    assert "images, whose pixels are not columns" in refused.err
    assert "nntrain explain run --row 1" in refused.err


def test_the_average_of_folds_is_explained(nntrain: Command, iris: Path) -> None:
    options = ("--target", "species", "--set", "data.validation_folds=2", "--set", "train.epochs=2", "--no-report")
    assert nntrain("fit", iris, *options, "--out", "average").code == 0
    assert parse(nntrain("explain", "average", "--json"))["importance"]
    assert parse(nntrain("explain", "average", "--row", 1, "--json"))["row_contributions"]


def test_a_run_without_held_out_rows_says_so(nntrain: Command, iris: Path) -> None:
    options = ("--target", "species", "--set", "data.test=0", "--set", "data.validation=0")
    assert nntrain("fit", iris, *options, *FAST, "--out", "run").code == 0
    outcome = nntrain("explain", "run")
    assert outcome.out.startswith("150 rows of the train set of ")
    assert "Note: the run has no other rows than its training rows" in outcome.out


def test_streamed_runs_and_files_have_the_same_contributions(
    nntrain: Command, trained: str, iris: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = parse(nntrain("explain", trained, iris, "--row", 120, "--row", 7, "--json"))["row_contributions"]
    scored = parse(nntrain("explain", trained, iris, "--json"))["importance"]
    monkeypatch.setenv("NNTRAIN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(memory_budget, "estimate_dataset_memory", lambda path, enough: 10.0**12)
    monkeypatch.setattr(streamed_table, "CHUNK_CELLS", 1)
    found = parse(nntrain("explain", trained, iris, "--row", 120, "--row", 7, "--memory", "300MB", "--json"))
    assert [row["values"] for row in found["row_contributions"]] == [row["values"] for row in expected]
    for row, other in zip(found["row_contributions"], expected, strict=True):
        assert row["contributions"] == pytest.approx(other["contributions"], abs=1e-4)
    streamed = parse(nntrain("explain", trained, iris, "--memory", "300MB", "--json"))
    assert streamed["importance"] == scored
    assert streamed["notes"] == [
        "no partial dependence: the rows of the run are streamed; with enough memory: --memory SIZE"
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--row", "24"), "--row 24: expected a row from 1 to 23 of the test set"),
        (("--row", "1", "--output", "rose"), "--output: expected one of 'setosa', 'versicolor', 'virginica', got"),
        (("--metric", "confusion_matrix"), "--metric confusion_matrix: expected a metric that is a single number"),
        (("--output", "setosa"), "--output chooses what --row explains; add --row NUMBER"),
        (("--row", "1", "--metric", "loss"), "--metric and --targets are for the importance of columns"),
        (("--inputs", "x"), "add the file: nntrain explain RUN DATA"),
        (("--row", "0"), "--row"),
    ],
)
def test_a_wrong_option_is_refused_in_one_line(
    arguments: tuple[str, ...], expected: str, nntrain: Command, trained: str
) -> None:
    outcome = nntrain("explain", trained, *arguments)
    assert outcome.code in (2, 3)
    assert expected in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


def test_a_checkpoint_has_no_training_rows(nntrain: Command, trained: str, iris: Path) -> None:
    for command in (("explain", f"{trained}/best.h5", iris), ("predict", f"{trained}/best.h5", iris, "--explain")):
        outcome = nntrain(*command)
        assert outcome.code == 2
        assert "expected the folder of a run, whose training rows explanations need, got a file" in outcome.err


def test_a_residual_is_printed(nntrain: Command, trained: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrated_gradients, "TOLERANCE", 0.0)
    monkeypatch.setattr(integrated_gradients, "MAX_HALVINGS", 0)
    assert "the integral did not converge" in nntrain("explain", trained, "--row", 1).out


def test_contributions_have_signs_and_the_same_decimals() -> None:
    assert explain.format_changes([123.4, -20.0, 0.0]) == ["+123.4", "-20.0", "+0.0"]
