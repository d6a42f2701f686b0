"""Runs of a network with every layer for tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from nntrain.config.toml import format_toml
from nntrain.nn.building.spec_validation import iterate_tables
from nntrain.training.callback import Callback
from nntrain.training.run_folder.run_folder import RunFolder
from tests.cli.conftest import nntrain  # noqa: F401 - a fixture
from tests.tabular.networks import EVERY_LAYER
from tests.training.stopping import IRIS, StopAfter, outcome, run_to_the_end

Command = Callable[..., Any]


def config(**data: Any) -> dict[str, Any]:
    return {
        "data": {"path": str(IRIS), "target": "species", **data},
        "model": {"modules": EVERY_LAYER},
        "optimizer": {"type": "adam", "learning_rate": 0.02},
        # The batches do not have a multiple of the members as rows.
        "train": {"epochs": 12, "batch_size": 18, "patience": 0, "checkpoint_every": "1epoch"},
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "every.toml"
    path.write_text(format_toml(config()))
    return path


def test_every_class_of_the_family_is_in_the_network() -> None:
    from nntrain_tabular.plugin import nntrain_modules

    used = {table["type"] for table in iterate_tables(EVERY_LAYER)}
    assert {cls.__name__ for cls in nntrain_modules()} <= used


def test_it_trains_from_the_command_line(nntrain: Command, file: Path) -> None:  # noqa: F811
    trained = nntrain("fit", file, "--out", "run")
    assert trained.code == 0, trained.err
    scores = json.loads(Path("run/scores.json").read_text())
    assert scores["test"]["accuracy"] > 0.85
    shown = nntrain("show", "run")
    assert "MemberEnsemble(4 members, mean probabilities)" in shown.out
    assert "LinearBatchEnsemble(21 -> 12, 4 members)" in shown.out


def test_a_preview_names_the_rows_of_the_members(nntrain: Command, file: Path) -> None:  # noqa: F811
    found = nntrain("check", file, "--json")
    assert found.code == 0, found.err
    layers = json.loads(found.out)["network"]["layers"]
    shapes = {layer["module"].partition("(")[0]: layer["output"] for layer in layers}
    assert shapes["MemberEnsemble"] == "(N, 3)"
    assert shapes["LinearEnsemble"] == "(4, N, 3)"


def test_its_onnx_file_predicts_the_same(nntrain: Command, file: Path) -> None:  # noqa: F811
    assert nntrain("fit", file, "--out", "run", "--set", "train.epochs=2").code == 0
    assert nntrain("convert", "run", "run.onnx").code == 0
    table = list(csv.DictReader(nntrain("predict", "run", IRIS).out.splitlines()))
    session = onnxruntime.InferenceSession("run.onnx", providers=["CPUExecutionProvider"])
    given = list(csv.DictReader(IRIS.read_text().splitlines()))
    feeds = {feed.name: np.array([[float(row[feed.name])] for row in given]) for feed in session.get_inputs()}
    _, probabilities = session.run(None, feeds)
    ours = [[float(value) for name, value in row.items() if name.startswith("p(")] for row in table]
    np.testing.assert_allclose(probabilities, ours, atol=1e-5)


@pytest.mark.parametrize("stream", [False, True])
def test_a_stopped_run_ends_with_the_same_bits(stream: bool, tmp_path: Path) -> None:
    tree = config(stream=stream, cache=str(tmp_path / "cache")) if stream else config()
    straight, stopped = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "stopped")
    run_to_the_end(straight, tree, Callback())
    run_to_the_end(stopped, tree, StopAfter(1, 3, 15, 28))
    assert outcome(stopped) == outcome(straight)
