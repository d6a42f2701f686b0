"""What ``fit --resume`` and ``resume`` do with options and configs that are not those of the run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

FIT = ("--target", "species", "--out", "run")
QUICK = ("--set", "train.epochs=2", "--set", "model.hidden=[4]")

CONFIG = """
[data]
path = "rows.csv"
target = "species"
[model]
hidden = [4]
[schedule]
type = "cosine"
[train]
epochs = 2
"""


@pytest.fixture
def rows(tmp_path: Path, iris: Path) -> Path:
    (tmp_path / "rows.csv").write_bytes(iris.read_bytes())
    return tmp_path / "rows.csv"


@pytest.fixture
def run(nntrain: Command, rows: Path, tmp_path: Path) -> Path:
    assert nntrain("fit", "rows.csv", *FIT, *QUICK).code == 0
    return tmp_path / "run"


def epochs(run: Path) -> int:
    return len((run / "metrics.jsonl").read_text().splitlines())


def test_what_may_change_is_applied(nntrain: Command, run: Path) -> None:
    outcome = nntrain("fit", "rows.csv", *FIT, "--set", "train.epochs=4", "--set", "model.hidden=[4]", "--resume")
    assert outcome.code == 0, outcome.err
    assert epochs(run) == 4
    assert "epochs = 4" in (run / "config.toml").read_text()


def test_the_same_command_goes_on(nntrain: Command, run: Path) -> None:
    outcome = nntrain("fit", "rows.csv", *FIT, *QUICK, "--resume")
    assert (outcome.code, "Note: the run keeps" in outcome.out, epochs(run)) == (0, False, 2)


def test_what_was_set_and_is_not_now_is_kept_with_a_note(nntrain: Command, run: Path) -> None:
    outcome = nntrain("fit", "rows.csv", *FIT, "--set", "train.epochs=3", "--resume")
    assert (outcome.code, epochs(run)) == (0, 3)
    assert "Note: the run keeps model.hidden = [4], which this command does not set\n" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--set", "model.hidden=[8]"), "model.hidden: cannot change to [8] when a run is resumed; start another run"),
        (("--set", "optimizer.learning_rate=0.5"), "optimizer.learning_rate: cannot change from 0.001 to 0.5"),
        (("--set", "data.validation=0.3"), "data.validation: cannot change from 0.15 to 0.3"),
        (("--target", "petal_width"), 'data.target: cannot change from "species" to ["species", "petal_width"]'),
        (
            ("--set", "train.seed=9"),
            "train.seed: cannot change from 1 to 9 when a run is resumed: it determines the training",
        ),
        (("--set", "criterion.type=MSECriterion"), "criterion.type: cannot change"),
        (("--inputs", "x"), 'data.inputs: cannot change to "x"'),
        (("--set", "data.fold=1", "--set", "data.folds=3"), "data.fold"),
    ],
)
def test_anything_else_is_refused(nntrain: Command, run: Path, arguments: tuple[str, ...], told: str) -> None:
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    refused = nntrain("fit", "rows.csv", *FIT, *QUICK, *arguments, "--resume")
    assert refused.code == 2
    assert f"Error: {told}" in refused.err
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file() and path.name != ".lock"} == before


def test_folds_of_a_run_that_has_none_are_refused(nntrain: Command, run: Path) -> None:
    assert nntrain("fit", "rows.csv", *FIT, *QUICK, "--folds", 3, "--resume").code == 2


def test_another_config_is_compared_with_that_of_the_run(nntrain: Command, rows: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    assert nntrain("fit", "config.toml", "--out", "run").code == 0
    new = tmp_path / "new.toml"
    new.write_text(CONFIG.replace("epochs = 2", "epochs = 3"))
    outcome = nntrain("fit", "new.toml", "--out", "run", "--resume")
    assert (outcome.code, epochs(tmp_path / "run")) == (0, 3)
    assert "Warning: the schedule is stretched" in outcome.err
    for old, other, told in (
        ('"cosine"', '"step"', 'schedule.type: cannot change from "cosine" to "step"'),
        ("[4]", "[5]", "model.hidden: cannot change to [5] when a run is resumed"),
        ('type = "cosine"\n', "", 'schedule.type: expected "cosine" as in the config of the run, got no value'),
        ("hidden = [4]\n", "", "model.hidden: expected [4] as in the config of the run, got no value"),
    ):
        new.write_text(CONFIG.replace(old, other))
        refused = nntrain("fit", "new.toml", "--out", "run", "--resume")
        assert refused.code == 2
        assert f"Error: {told}" in refused.err
        assert refused.err.count("\n") == 1


def test_a_run_that_recorded_nothing_is_compared_as_far_as_its_config_tells(nntrain: Command, run: Path) -> None:
    known = json.loads((run / "run.json").read_text())
    assert known.pop("asked")["model"] == {"hidden": [4]}
    (run / "run.json").write_text(json.dumps(known))
    assert nntrain("fit", "rows.csv", *FIT, *QUICK, "--resume").code == 0
    refused = nntrain("fit", "rows.csv", *FIT, *QUICK, "--set", "train.batch_size=3", "--resume")
    assert "train.batch_size: cannot change from 16 to 3" in refused.err


def test_resume_never_advises_to_edit_the_config_of_the_run(nntrain: Command, run: Path) -> None:
    refused = nntrain("resume", "run", "--set", "model.hidden=[8]")
    assert refused.code == 2
    assert refused.err == (
        "Error: model.hidden: cannot change to [8] when a run is resumed; start another run: "
        "nntrain fit ... --set model.hidden=... --out FOLDER\n"
    )


def test_rows_that_were_moved_are_named_by_an_option(nntrain: Command, run: Path, rows: Path, tmp_path: Path) -> None:
    rows.rename(tmp_path / "moved.csv")
    more = ("--set", "train.epochs=3")
    refused = nntrain("resume", "run", *more)
    assert refused.code == 3
    assert refused.err == f"Error: {rows}: no such file; if it was moved: nntrain resume run --data NEW_PATH\n"
    assert nntrain("resume", "run", *more, "--data", "moved.csv").code == 0
    assert epochs(run) == 3
    assert f'path = "{tmp_path / "moved.csv"}"' in (run / "config.toml").read_text()
    changes = json.loads((run / "run.json").read_text())["resumed"][-1]["changes"]
    assert changes["data.path"] == {"from": str(rows), "to": str(tmp_path / "moved.csv")}
    (tmp_path / "other.csv").write_text((tmp_path / "moved.csv").read_text() + "5.0,3.0,1.5,0.2,setosa\n")
    assert "the data has changed" in nntrain("resume", "run", "--data", "other.csv").err


def test_options_of_a_resumed_cross_validation_are_for_all_of_its_folds(
    nntrain: Command, rows: Path, tmp_path: Path
) -> None:
    fit = ("fit", "rows.csv", *FIT, *QUICK, "--folds", 3)
    assert nntrain(*fit).code == 0
    folds = tmp_path / "run"
    shutil.rmtree(folds / "fold-3")  # as if it had not been started
    rows.rename(tmp_path / "moved.csv")
    assert nntrain("resume", "run").err == (
        f"Error: {rows}: no such file; if it was moved: nntrain resume run --data NEW_PATH\n"
    )
    (tmp_path / "other.csv").write_text((tmp_path / "moved.csv").read_text() + "5.0,3.0,1.5,0.2,setosa\n")
    assert "the data has changed" in nntrain("resume", "run", "--data", "other.csv").err
    outcome = nntrain("resume", "run", "--data", "moved.csv", "--checkpoint-every", "7steps")
    assert outcome.code == 0, outcome.err
    assert 'checkpoint_every = "7steps"' in (folds / "fold-3" / "config.toml").read_text()
    assert "moved.csv" in (folds / "folds.toml").read_text()


def test_a_cross_validation_is_not_resumed_with_other_settings(nntrain: Command, rows: Path, tmp_path: Path) -> None:
    fit = ("fit", "rows.csv", *FIT, "--folds", 3)
    assert nntrain(*fit, *QUICK).code == 0
    assert nntrain(*fit, *QUICK, "--resume").code == 0
    for changed, told in (
        ("model.hidden=[5]", "model.hidden: cannot change from [4] to [5] when a run is resumed"),
        ("train.epochs=9", "train.epochs: cannot change for some of the folds"),
        ("optimizer.learning_rate=0.5", "optimizer.learning_rate: cannot change"),
    ):
        refused = nntrain(*fit, *QUICK, "--set", changed, "--resume")
        assert (refused.code, told in refused.err) == (2, True), refused.err


def test_fewer_epochs_than_the_run_has_are_refused_and_change_nothing(nntrain: Command, run: Path) -> None:
    before = (run / "config.toml").read_bytes()
    outcome = nntrain("resume", "run", "--set", "train.epochs=1")
    assert (outcome.code, outcome.err) == (2, "Error: train.epochs: expected at least 2, the epochs so far, got 1\n")
    assert ((run / "config.toml").read_bytes(), epochs(run)) == (before, 2)
