"""Keys that never change in a run that is resumed, and files that were moved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nntrain.config.load import build_config
from nntrain.errors import ConfigError, DataError
from nntrain.training.resuming.resume import resume_run
from nntrain.training.resuming.resume_policy import FIXED_KEYS
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from tests.training.stopping import IRIS, stopped


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("train.seed", "7"),
        ("train.metrics", '["f1"]'),
        ("train.train_metrics", "all"),
        ("train.monitor", "accuracy"),
    ],
)
def test_some_keys_never_change(folder: RunFolder, key: str, value: str) -> None:
    stopped(folder, 10)
    with pytest.raises(ConfigError) as refused:
        resume_run(folder, [f"{key}={value}"], allowed=[key])
    assert f"{key}: cannot change" in str(refused.value)
    assert f"when a run is resumed: {FIXED_KEYS[key]}; start another run: nntrain fit" in str(refused.value)


@pytest.mark.parametrize(
    "override", ["model.hidden=[8]", 'model.activation="Tanh"', "criterion.type=MSECriterion", 'name="other"']
)
def test_the_network_is_never_changed_nor_its_config_blamed(folder: RunFolder, override: str) -> None:
    stopped(folder, 10)
    key = override.partition("=")[0]
    with pytest.raises(ConfigError) as refused:
        resume_run(folder, [override])
    (told,) = refused.value.problems
    assert told.startswith(f"{key}: cannot change")
    assert told.endswith(f"start another run: nntrain fit ... --set {key}=... --out FOLDER")
    assert str(folder.config) not in told


def test_a_missing_file_names_the_option_for_a_moved_one(folder: RunFolder, tmp_path: Path) -> None:
    rows, validation = tmp_path / "rows.csv", tmp_path / "validation.csv"
    for path in (rows, validation):
        path.write_bytes(IRIS.read_bytes())
    data = {"path": str(rows), "target": "species", "validation_path": str(validation), "test": 0.1}
    told = build_config({"data": data, "train": {"epochs": 2}})
    start_run(told, load_splits(told), "", folder, [])
    rows.rename(tmp_path / "moved.csv")
    with pytest.raises(
        DataError, match=rf"no such file; if it was moved: nntrain resume {folder.path} --data NEW_PATH"
    ):
        resume_run(folder)
    resume_run(folder, [f'data.path="{tmp_path}/moved.csv"'])
    validation.rename(tmp_path / "held-out.csv")
    with pytest.raises(DataError, match=r"--set data\.validation_path=NEW_PATH"):
        resume_run(folder)
    _, decided = resume_run(folder, [f'data.validation_path="{tmp_path}/held-out.csv"'])
    assert decided.data.validation_path == str(tmp_path / "held-out.csv")
    changes = [resumed["changes"] for resumed in json.loads(folder.metadata.read_text())["resumed"]]
    assert [list(change) for change in changes] == [["data.path"], ["data.validation_path"]]
