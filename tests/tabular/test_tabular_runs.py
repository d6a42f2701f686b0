"""Runs of a network with every layer for tables."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config
from nntrain.config.toml import format_toml
from nntrain.nn.building.spec_validation import iterate_tables
from nntrain.nn.network_ends import find_last_module
from nntrain.training.callback import Callback
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits
from tests.cli.conftest import nntrain  # noqa: F401 - a fixture
from tests.tabular.networks import AVERAGED_VALUES, EVERY_LAYER
from tests.training.stopping import IRIS, StopAfter, outcome, run_to_the_end

Command = Callable[..., Any]

NUMBERS = ("sepal_length", "sepal_width", "petal_length", "petal_width")


def config(**data: Any) -> dict[str, Any]:
    return {
        "data": {"path": str(IRIS), "target": "species", **data},
        "model": {"modules": EVERY_LAYER},
        "optimizer": {"type": "adam", "learning_rate": 0.02},
        "train": {"epochs": 12, "batch_size": 18, "patience": 0, "checkpoint_every": "1epoch"},
    }


def write(tree: dict[str, Any]) -> Path:
    Path("every.toml").write_text(format_toml(tree))
    return Path("every.toml")


def write_rows(name: str) -> str:
    """Iris with a fifth number, a column of labels, and sample weights."""
    rows = list(csv.DictReader(IRIS.read_text().splitlines()))
    generator = np.random.default_rng(1)
    lines = ["sepal_length,sepal_width,petal_length,petal_width,species,size,traits,weight"]
    for row in rows:
        values = [float(row[column]) for column in NUMBERS]
        traits = [trait for trait, has in (("long", values[2] > 4), ("wide", values[3] > 1)) if has]
        weight = generator.integers(0, 4)
        lines.append(f"{','.join(map(str, values))},{row['species']},{sum(values):.2f},{' '.join(traits)},{weight}")
    Path(name).write_text("\n".join(lines) + "\n")
    return name


def predict_with_onnx(path: str, rows: list[dict[str, str]]) -> list[Any]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds = {feed.name: np.array([[float(row[feed.name])] for row in rows]) for feed in session.get_inputs()}
    return list(session.run(None, feeds))


def test_every_class_of_the_family_is_in_the_network() -> None:
    from nntrain_tabular.plugin import nntrain_modules

    used = {table["type"] for table in iterate_tables(EVERY_LAYER)}
    assert {cls.__name__ for cls in nntrain_modules()} <= used


def test_it_trains_from_the_command_line_with_the_criterion_of_members(nntrain: Command) -> None:  # noqa: F811
    trained = nntrain("fit", write(config()), "--out", "run")
    assert trained.code == 0, trained.err
    scores = json.loads(Path("run/scores.json").read_text())
    assert scores["test"]["accuracy"] > 0.85
    shown = nntrain("show", "run").out
    assert "AverageMembers(probabilities)" in shown
    assert "LinearBatchEnsemble(21 -> 12, 4 members)" in shown
    assert "criterion MemberCriterion" in shown


def test_a_preview_names_the_rows_of_the_members(nntrain: Command) -> None:  # noqa: F811
    found = nntrain("check", write(config()), "--json")
    assert found.code == 0, found.err
    layers = json.loads(found.out)["network"]["layers"]
    shapes = {layer["module"].partition("(")[0]: layer["output"] for layer in layers}
    assert shapes["RepeatMembers"] == "(4, N, 21)"
    assert shapes["LinearEnsemble"] == "(4, N, 3)"
    assert shapes["AverageMembers"] == "(N, 3)"


def test_its_onnx_file_predicts_the_same(nntrain: Command) -> None:  # noqa: F811
    assert nntrain("fit", write(config()), "--out", "run", "--set", "train.epochs=2").code == 0
    assert nntrain("convert", "run", "run.onnx").code == 0
    table = list(csv.DictReader(nntrain("predict", "run", IRIS).out.splitlines()))
    _, probabilities = predict_with_onnx("run.onnx", list(csv.DictReader(IRIS.read_text().splitlines())))
    ours = [[float(value) for name, value in row.items() if name.startswith("p(")] for row in table]
    np.testing.assert_allclose(probabilities, ours, atol=1e-5)


def test_torch7_refuses_it_in_one_line(nntrain: Command) -> None:  # noqa: F811
    assert nntrain("fit", write(config()), "--out", "run", "--set", "train.epochs=1").code == 0
    refused = nntrain("convert", "run", "run.t7")
    assert refused.code != 0
    assert refused.err.count("\n") == 1
    assert "Torch7 has no PeriodicEmbedding; write an .onnx file" in refused.err


def test_a_checkpoint_names_the_origin_of_the_criterion_of_the_members(nntrain: Command) -> None:  # noqa: F811
    assert nntrain("fit", write(config()), "--out", "run", "--set", "train.epochs=1").code == 0
    origins = read_checkpoint(Path("run/best.h5"))["origins"]["criterion"]
    assert list(origins) == ["CrossEntropyCriterion", "MemberCriterion"]


def test_a_run_is_calibrated_with_the_validation_rows(nntrain: Command) -> None:  # noqa: F811
    trained = nntrain("fit", write(config()), "--out", "run")
    assert trained.code == 0, trained.err
    found, network = load_splits(build_config(config())), load_trained_network(Path("run"))
    calibrator: Any = find_last_module(network.model)
    temperature = float(calibrator.temperature[0])
    assert temperature != 1
    losses = []
    for factor in (1.0, 0.8, 1.25):
        calibrator.temperature[...] = factor * temperature
        prior = np.log(calibrator.temperature[0]) ** 2 / (2 * found.validation.rows)
        losses.append(network.score(found.validation)["loss"] + prior)
    assert min(losses) == losses[0]


def test_numbers_are_averaged(nntrain: Command) -> None:  # noqa: F811
    tree = config(path=write_rows("rows.csv"), target="size", ignore=["species", "traits", "weight"])
    tree["model"] = {"modules": AVERAGED_VALUES}
    trained = nntrain("fit", write(tree), "--out", "run", "--set", "train.epochs=40")
    assert trained.code == 0, trained.err
    assert json.loads(Path("run/scores.json").read_text())["test"]["r2"] > 0.9
    assert nntrain("convert", "run", "run.onnx").code == 0
    table = list(csv.DictReader(nntrain("predict", "run", "rows.csv").out.splitlines()))
    (predicted,) = predict_with_onnx("run.onnx", list(csv.DictReader(Path("rows.csv").read_text().splitlines())))
    np.testing.assert_allclose(predicted[:, 0], [float(next(iter(row.values()))) for row in table], rtol=1e-5)


def test_labels_are_averaged_as_values(nntrain: Command) -> None:  # noqa: F811
    tree = config(
        path=write_rows("rows.csv"), target="traits", label_separator=" ", ignore=["species", "size", "weight"]
    )
    tree["model"] = {"modules": AVERAGED_VALUES}
    trained = nntrain("fit", write(tree), "--out", "run")
    assert trained.code == 0, trained.err
    assert json.loads(Path("run/scores.json").read_text())["test"]["accuracy"] > 0.85


def test_classes_and_rows_are_weighted(nntrain: Command) -> None:  # noqa: F811
    tree = config(path=write_rows("rows.csv"), sample_weight="weight", ignore=["traits", "size"])
    tree["criterion"] = {"class_weights": "balanced"}
    trained = nntrain("fit", write(tree), "--out", "run")
    assert trained.code == 0, trained.err
    assert json.loads(Path("run/scores.json").read_text())["test"]["accuracy"] > 0.85


@pytest.mark.parametrize(
    ("criterion", "target", "what"),
    [
        ({"type": "CrossEntropyCriterion"}, "species", 'type = "MemberCriterion" and criterion = { type = "CrossEntr'),
        ({"type": "MSECriterion"}, "size", "expected MemberCriterion for a network that ends with AverageMembers"),
        ({}, "size", "average of values for the regression of 'size'.*; set average = \"values\""),
    ],
)
def test_a_criterion_or_average_that_does_not_fit_is_refused_before_training(
    nntrain: Command,  # noqa: F811
    criterion: dict[str, Any],
    target: str,
    what: str,
) -> None:
    ignored = {"species", "traits", "weight", "size"} - {target}
    tree = config(path=write_rows("rows.csv"), target=target, ignore=sorted(ignored)) | {"criterion": criterion}
    refused = nntrain("fit", write(tree), "--out", "run")
    assert refused.code != 0
    assert not Path("run").exists()
    (line,) = [line for line in refused.err.splitlines() if line.startswith("Error: ")]
    assert re.search(what, line)


@pytest.mark.parametrize("stream", [False, True])
def test_a_stopped_run_ends_with_the_same_bits(stream: bool, tmp_path: Path) -> None:
    tree = config(stream=stream, cache=str(tmp_path / "cache")) if stream else config()
    straight, stopped = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "stopped")
    run_to_the_end(straight, tree, Callback())
    run_to_the_end(stopped, tree, StopAfter(1, 3, 15, 28))
    assert outcome(stopped) == outcome(straight)
