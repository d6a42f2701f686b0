"""What may change when a run goes on, and what is told and kept of it."""

import json
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.compute.threads import get_num_threads
from nntrain.config.load import build_config
from nntrain.errors import ConfigError, DataError
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.resuming.resume_policy import CHANGEABLE_KEYS
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import train
from tests.paths import ROOT
from tests.training.stopping import IRIS, stopped


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


def test_changes_that_are_allowed_mark_the_run(folder: RunFolder) -> None:
    stopped(folder, 10)
    heard: list[str] = []
    run, _ = resume_run(
        folder,
        ["optimizer.learning_rate=0.5", "train.epochs=7"],
        heard.append,
        allowed=["optimizer.learning_rate"],
        command=["resume"],
    )
    assert run.optimizer.learning_rate == 0.5
    assert heard == ["optimizer.learning_rate changed: the run is marked as not exact"]
    about = json.loads(folder.metadata.read_text())
    assert about["exact"] is False
    first, last = about["resumed"]
    assert first["changes"] == {}
    assert last["changes"] == {
        "optimizer.learning_rate": {"from": 0.01, "to": 0.5},
        "train.epochs": {"from": 6, "to": 7},
    }
    assert (last["step"], last["command"], last["allowed"]) == (15, ["resume"], ["optimizer.learning_rate"])
    # What was changed stays changed.
    assert resume_run(folder)[1].train.epochs == 7


@pytest.mark.parametrize(
    ("overrides", "allowed", "told"),
    [
        (["train.batch_size=8"], [], "train.batch_size: cannot change from 16 to 8 when a run is resumed"),
        (["train.batch_size=8"], ["train.batchsize"], "--allow-change train.batchsize: no --set changes it"),
        (['model.weight_init="he"'], ["model.weight_init"], "only keys of the sections train, optimizer, schedule"),
        (['data.target="sepal_length"'], [], "start another run"),
    ],
)
def test_other_changes_are_refused(folder: RunFolder, overrides: list[str], allowed: list[str], told: str) -> None:
    stopped(folder, 10)
    before = folder.metadata.read_text(), folder.config.read_text()
    with pytest.raises(ConfigError, match=told):
        resume_run(folder, overrides, allowed=allowed)
    assert (folder.metadata.read_text(), folder.config.read_text()) == before


def test_another_environment_is_reported_in_one_line(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", "1")
    stopped(folder, 10)
    about = json.loads(folder.metadata.read_text())
    about["libraries"]["numpy"] = "1.0"
    folder.metadata.write_text(json.dumps(about))
    monkeypatch.setenv("NNTRAIN_THREADS", "2")
    heard: list[str] = []
    resume_run(folder, report=heard.append)
    (line,) = heard
    assert "threads 2 (was 1)" in line
    assert "(was 1.0)" in line
    assert "the last bits may differ" in line


def test_a_run_keeps_its_number_of_threads(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is set here, or by go_on, is as it was afterwards.
    monkeypatch.setenv("NNTRAIN_THREADS", "3")
    stopped(folder, 10)
    monkeypatch.delenv("NNTRAIN_THREADS")
    chosen = get_num_threads()
    heard: list[str] = []
    resume_run(folder, report=heard.append)
    told = f"threads: 3, as when the run started (default on this machine: {chosen})"
    assert heard == ([] if chosen == 3 else [told])
    assert get_num_threads() == 3
    assert json.loads(folder.metadata.read_text())["resumed"][-1]["threads"] == 3


def test_every_key_that_may_change_is_on_the_page() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert all(f"| `{key}` | {what} |" in page for key, what in CHANGEABLE_KEYS.items())


def test_the_most_steps_are_a_total(tmp_path: Path, folder: RunFolder) -> None:
    stopped(folder, 10, max_steps=20)
    run, decided = resume_run(folder)
    train(run, folder, decided.train, Callback())
    assert run.step == 20
    assert run.stop_reason == "reached 20 steps"


def test_the_file_of_rows_may_be_moved(tmp_path: Path, folder: RunFolder) -> None:
    moved = tmp_path / "moved.csv"
    moved.write_bytes(IRIS.read_bytes())
    stopped(folder, 10)
    run, decided = resume_run(folder, [f'data.path="{moved}"'])
    assert (run.step, decided.data.path) == (15, str(moved))
    moved.write_text(moved.read_text() + "5.0,3.0,1.5,0.2,setosa\n")
    with pytest.raises(DataError, match="the data has changed"):
        resume_run(folder)


def test_other_validation_rows_are_other_data(tmp_path: Path, folder: RunFolder) -> None:
    rows = tmp_path / "validation.csv"
    rows.write_bytes(IRIS.read_bytes())
    data = {"path": str(IRIS), "target": "species", "validation_path": str(rows), "test": 0.1}
    told = build_config({"data": data, "train": {"epochs": 2}})
    start_run(told, load_splits(told), "", folder, [])
    resume_run(folder)
    rows.write_text(rows.read_text() + "5.0,3.0,1.5,0.2,setosa\n")
    with pytest.raises(DataError, match="the data has changed"):
        resume_run(folder)


def test_show_shows_what_was_changed_on_the_way(folder: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*arguments: object) -> str:
        assert run_command([str(argument) for argument in arguments]) == 0
        return capsys.readouterr().out

    stopped(folder, 10)
    assert "Resumed once.\n" in told("show", folder.path)
    resume_run(folder, ["optimizer.learning_rate=0.5"], allowed=["optimizer.learning_rate"])
    page = told("show", folder.path)
    assert "Resumed 2 times; optimizer.learning_rate from 0.01 to 0.5 after step 15.\n" in page
    assert "Not exact: optimizer.learning_rate changed" in page
    found = json.loads(told("show", folder.path, "--json"))
    assert found["exact"] is False
    assert len(found["resumed"]) == 2
