"""nntrain fit with validation folds: a network per fold, and their average, which is used like any run."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import onnxruntime
import pytest

from nntrain.config.load import load_config
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.run_start import load_splits
from nntrain.training.tasks.threshold_tuning import collect_predictions, find_best_thresholds
from tests.cli.fit.averages import Command, fit_target, predict, write_rows


def test_the_best_quality_is_the_average_of_five_networks_made_for_tables(
    nntrain: Command, iris: Path, tmp_path: Path
) -> None:
    done = nntrain("fit", iris, "--target", "species", "--quality", "best", "--set", "train.epochs=1")
    assert done.code == 0, done.err
    folder = tmp_path / "runs" / "iris"
    names = {"folds.toml", "folds.json", "best.h5", "scores.json", *(f"fold-{number}" for number in range(1, 6))}
    assert {item.name for item in folder.iterdir()} == names
    members = [predict(nntrain, folder / f"fold-{number}", iris) for number in range(1, 6)]
    for name, values in predict(nntrain, folder, iris).items():
        np.testing.assert_allclose(values, np.mean([member[name] for member in members], axis=0), atol=1e-6)
    scores = json.loads((folder / "scores.json").read_text())
    runs = [json.loads((folder / f"fold-{number}" / "scores.json").read_text()) for number in range(1, 6)]
    assert list(scores) == ["train", "validation", "test"]
    for key, value in scores["validation"].items():
        assert value == pytest.approx(fmean(run["validation"][key] for run in runs))
    tested = json.loads(nntrain("evaluate", folder, "--json").out)
    assert (tested["loss"], tested["rows"]) == (pytest.approx(scores["test"]["loss"]), 23)
    shown = nntrain("show", folder, "--all").out
    assert shown.count("RepeatMembers(8)") == 5
    assert done.out.rpartition("its own fold.\n\n")[2].partition("\nRun folder")[0] in shown
    assert done.out.endswith(
        "Run folder: runs/iris. Next steps:\n  nntrain predict runs/iris NEW_DATA -o predictions.csv\n"
        "  nntrain evaluate runs/iris OTHER_DATA\n  nntrain show runs/iris\n"
    )
    assert nntrain("convert", folder, "average.h5").code == 0
    assert predict(nntrain, "average.h5", iris).keys() == members[0].keys()


BCE = "criterion.type=BCECriterion"
TASKS = {
    "two classes": ("sick", ()),
    "one output": ("sick", ("--set", 'model.modules=[{type="Linear"},{type="Sigmoid"}]', "--set", BCE)),
    "one logit": ("sick", ("--set", "criterion.type=MultiLabelSoftMarginCriterion")),
    "log-probabilities": ("kind", ("--set", 'model.modules=[{type="Linear"},{type="LogSoftMax"}]')),
    "labels": ("traits", ("--set", 'data.label_separator=" "')),
    "numbers": ("price", ("--set", "data.target_transform=none", "--set", "data.target_range=none")),
}  # fmt: skip


@pytest.mark.parametrize("task", TASKS)
def test_predictions_are_means_of_those_of_the_networks_also_as_onnx(nntrain: Command, task: str) -> None:
    target, options = TASKS[task]
    done = fit_target(nntrain, target, *options)
    assert done.code == 0, done.err
    members = [predict(nntrain, f"run/fold-{number}", "rows.csv") for number in (1, 2, 3)]
    found = predict(nntrain, "run", "rows.csv")
    for name, values in found.items():
        assert np.ptp([member[name] for member in members], axis=0).max() > 1e-4
        np.testing.assert_allclose(values, np.mean([member[name] for member in members], axis=0), rtol=1e-5, atol=1e-6)
    assert nntrain("convert", "run", "run.onnx").code == 0
    session = onnxruntime.InferenceSession("run.onnx", providers=["CPUExecutionProvider"])
    rows = list(csv.DictReader(Path("rows.csv").read_text().splitlines()))
    *_, exported = session.run(None, {name: np.array([[float(row[name])] for row in rows]) for name in ("a", "b")})
    np.testing.assert_allclose(exported, np.stack(list(found.values()), axis=1), rtol=1e-5, atol=1e-5)


def test_numbers_on_a_log_scale_are_averaged_on_it(nntrain: Command) -> None:
    assert fit_target(nntrain, "price", "--set", "data.target_transform=log").code == 0
    paths = [Path("run"), *(Path(f"run/fold-{number}") for number in (1, 2, 3))]
    rows = np.random.default_rng(2).normal(size=(8, 2))
    averaged, *members = (next(load_trained_network(path).iterate_outputs(rows)).copy() for path in paths)
    assert load_trained_network(paths[0]).preprocessor.target.transform == "log"
    np.testing.assert_allclose(averaged, np.mean(members, axis=0), rtol=1e-5)


def test_a_tuned_threshold_is_the_best_for_rows_that_a_network_was_not_trained_on(nntrain: Command) -> None:
    done = fit_target(nntrain, "sick", "--set", "train.threshold=f1")
    assert done.code == 0, done.err
    found = []
    for number in (1, 2, 3):
        network = load_trained_network(Path(f"run/fold-{number}"))
        splits = load_splits(load_config(Path(f"run/fold-{number}/config.toml")))
        assert splits.validation is not None
        found.append(collect_predictions(network, splits.validation))
    p, t, weights = map(np.concatenate, zip(*found, strict=True))
    assert len(p) == 90 - 13
    expected = find_best_thresholds(network.task, "f1", p, t, weights)
    assert load_trained_network(Path("run")).task.threshold == expected != 0.5
    assert f"predicted if its probability is above {expected:.6g}.\n\n" in done.out


def test_a_given_threshold_is_that_of_the_average(nntrain: Command) -> None:
    assert fit_target(nntrain, "sick", "--set", "train.threshold=0.3").code == 0
    assert load_trained_network(Path("run")).task.threshold == 0.3


def test_streamed_rows_give_the_scores_of_rows_in_memory(nntrain: Command, tmp_path: Path) -> None:
    options = ("--set", "data.stream=true", "--set", f"data.cache={tmp_path / 'cache'}")
    done = fit_target(nntrain, "sick", *options)
    assert done.code == 0, done.err
    tested = json.loads(nntrain("evaluate", "run", "--json").out)
    scores = json.loads(Path("run/scores.json").read_text())
    assert tested["accuracy"] == pytest.approx(scores["test"]["accuracy"])
    assert scores["train"]["accuracy"] > 0.4


def test_all_rows_but_the_test_set_are_training_rows_of_the_average(nntrain: Command) -> None:
    assert fit_target(nntrain, "sick").code == 0
    for run, count in (("run", 77), ("run/fold-1", 51)):
        assert f"rows.csv: {count} of 90 rows are the same as training rows" in nntrain("evaluate", run, "rows.csv").err


def test_a_preview_is_that_of_the_first_network(nntrain: Command) -> None:
    found = nntrain("check", write_rows("rows.csv"), "--target", "sick", "--quality", "best", "--json")
    assert found.code == 0, found.err
    assert json.loads(found.out)["data"]["rows"] == {"train": 61, "validation": 16, "test": 13}
    assert "fit trains 5 networks, one per fold; memory and time are those of one" in json.loads(found.out)["notes"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--quality", "best", "--folds", 3), "train.quality: 'best' needs random validation folds, "
         "but data.folds decides the validation rows; use 'good', or remove data.folds"),
        (("--quality", "best", "--set", "data.split=time", "--set", "data.split_column=a"), "remove data.split"),
        (("--quality", "best", "--set", "data.validation_path=rows.csv"), "remove data.validation_path"),
        (("--set", "data.validation_folds=3", "--folds", 3), "data.validation_folds: conflicts with 'folds', which"),
        (("--set", "data.validation_folds=3", "--set", "data.split=column", "--set", "data.split_column=a"),
         "data.validation_folds: conflicts with 'split', which decides the validation rows; remove one of the two"),
        (("--set", "data.validation_folds=3", "--set", "data.train_on_validation=true"),
         "data.validation_folds: conflicts with 'train_on_validation', which decides the validation rows"),
        (("--set", "data.validation_folds=1"), "data.validation_folds: expected at least 2, got 1"),
        (("--set", "data.validation_folds=3", "--set", "data.validation_fold=4"), "expected a fold from 1 to 3, got 4"),
        (("--set", "data.validation_fold=1"), "data.validation_fold: expected data.validation_folds as well"),
        (("--set", "data.validation_folds=99"), "expected rows for each of 99 folds, got none for fold 78"),
        (("--set", "data.validation_folds=3", "--set", "criterion.type=ClassSimplexCriterion", "--set",
          "criterion.n_classes=2"), "criterion.type: ClassSimplexCriterion transforms the outputs, which cannot be"),
    ],
)  # fmt: skip
def test_anything_that_leaves_no_folds_to_average_is_refused(
    nntrain: Command, tmp_path: Path, options: tuple[Any, ...], told: str
) -> None:
    rows = write_rows("rows.csv")
    refused = nntrain("fit", rows, "--target", "sick", *options, "--out", "run")
    assert refused.code in (2, 3)
    (line,) = [line for line in refused.err.splitlines() if line.startswith("Error: ")]
    assert told in line
    assert not (tmp_path / "run").exists()
