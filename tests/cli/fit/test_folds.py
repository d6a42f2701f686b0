"""nntrain fit --folds: a run for each fold, a table of all, and going on with those that are not done."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.cli import cross_validation
from nntrain.errors import InterruptedRunError
from nntrain.training.run_folder.folder_lock import lock_folder, unlock_folder

Command = Callable[..., Any]

QUICK = ("--set", "train.epochs=3", "--set", "model.hidden=[4]")


def test_every_fold_is_a_run_and_the_table_shows_all(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    outcome = nntrain("fit", iris, "--target", "species", "--folds", 3, *QUICK)
    assert outcome.code == 0, outcome.err
    folder = tmp_path / "runs" / "iris"
    assert {item.name for item in folder.iterdir()} == {"folds.toml", "folds.json", "fold-1", "fold-2", "fold-3"}
    found = json.loads((folder / "folds.json").read_text())
    for number, run in enumerate(found["folds"], 1):
        assert run == json.loads((folder / f"fold-{number}" / "scores.json").read_text())
    losses = [run["test"]["loss"] for run in found["folds"]]
    assert found["mean"]["test"]["loss"] == pytest.approx(statistics.mean(losses))
    assert found["deviation"]["test"]["loss"] == pytest.approx(statistics.stdev(losses))
    table = outcome.out.rpartition("test fold")[2].splitlines()
    assert [line.split()[0] for line in table[1:6]] == ["1", "2", "3", "mean", "std"]
    assert nntrain("evaluate", folder / "fold-2", "--json").code == 0


def test_a_stopped_cross_validation_goes_on_to_the_same_bits(
    nntrain: Command, iris: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nntrain("fit", iris, "--target", "species", "--folds", 3, *QUICK, "--out", "straight").code == 0
    carry_out = cross_validation.run_training

    def stopped(run: Any, config: Any, folder: Any, **options: Any) -> None:
        if folder.path.name == "fold-2":
            raise InterruptedRunError("stopped")
        carry_out(run, config, folder, **options)

    monkeypatch.setattr(cross_validation, "run_training", stopped)
    outcome = nntrain("fit", iris, "--target", "species", "--folds", 3, *QUICK, "--out", "stopped")
    assert outcome.code == 130
    assert outcome.err.endswith("\nStopped in fold 2 and saved; resume with: nntrain resume stopped\n")
    monkeypatch.setattr(cross_validation, "run_training", carry_out)
    outcome = nntrain("resume", "stopped")
    assert outcome.code == 0, outcome.err
    assert "Fold 1 of 3" not in outcome.out
    assert (tmp_path / "stopped" / "folds.json").read_bytes() == (tmp_path / "straight" / "folds.json").read_bytes()


def test_folds_may_stand_in_the_config(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[data]\npath = "{iris}"\ntarget = "species"\nfolds = 2\n')
    assert nntrain("fit", "config.toml", *QUICK, "--out", "run").code == 0
    assert nntrain("fit", "config.toml", *QUICK, "--out", "one", "--set", "data.fold=2").code == 0
    assert (tmp_path / "one" / "metrics.jsonl").read_bytes() == (tmp_path / "run/fold-2/metrics.jsonl").read_bytes()


def test_an_existing_folder_is_not_overwritten_unasked(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    command = ("fit", iris, "--target", "species", "--folds", 2, *QUICK, "--out", "run")
    assert nntrain(*command).code == 0
    refused = nntrain(*command)
    assert (refused.code, "nntrain resume run" in refused.err) == (2, True)
    assert nntrain(*command, "--force").code == 0
    (tmp_path / "run" / "thesis.txt").write_text("mine")
    assert "thesis.txt" in nntrain(*command, "--force").err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--folds", 1), "data.folds: expected at least 2, got 1"),
        (("--folds", 3, "--set", "data.fold=4"), "data.fold: expected a fold from 1 to 3, got 4"),
        (("--set", "data.fold=1"), "data.fold: expected data.folds as well"),
        (("--folds", 3, "--set", "model.hidden=[0]"), "hidden"),
        (("--folds", 151, "--set", "data.stratify=false"), "expected at least 151 rows, one per fold, got 150"),
    ],
)
def test_what_cannot_be_is_reported_and_leaves_nothing(
    nntrain: Command, iris: Path, tmp_path: Path, arguments: tuple[Any, ...], told: str
) -> None:
    refused = nntrain("fit", iris, "--target", "species", "--out", "run", *arguments)
    assert refused.code in (2, 3)
    assert told in refused.err
    assert not (tmp_path / "run").exists()


def test_commands_for_one_run_are_reported_to_name_one(nntrain: Command, iris: Path) -> None:
    done = nntrain("fit", iris, "--target", "species", "--folds", 2, *QUICK, "--out", "run")
    assert "Next steps, with one of its runs:\n  nntrain predict run/fold-1 NEW_DATA" in done.out
    for command in (("predict", "run", iris), ("evaluate", "run"), ("show", "run"), ("diff", "run", "run")):
        refused = nntrain(*command)
        told = "Error: run: expected a single run, got one with folds; use one of its runs, run/fold-1\n"
        assert (refused.code, refused.err) == (2, told), command


def test_settings_of_a_cross_validation_stay(nntrain: Command, iris: Path) -> None:
    assert nntrain("fit", iris, "--target", "species", "--folds", 2, *QUICK, "--out", "run").code == 0
    assert "--set and --allow-change need a single fold" in nntrain("resume", "run", "--set", "train.epochs=9").err


def test_another_process_is_kept_out_and_harms_nothing(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    folds = tmp_path / "runs" / "iris"
    assert nntrain("fit", iris, "--target", "species", "--folds", 3, *QUICK).code == 0
    (folds / "fold-1" / "metrics.jsonl").unlink()
    lock_folder(folds)
    again = [sys.executable, "-m", "nntrain", "fit", str(iris), "--target", "species", "--folds", "3"]
    for arguments in ([*again, "--force"], [*again, "--resume"], [*again[:3], "resume", str(folds)]):
        done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert f"in use by process {os.getpid()} on" in done.stderr
    assert (folds / "fold-3" / "scores.json").is_file()
    unlock_folder(folds)


def test_a_run_and_folds_replace_each_other_when_forced(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    command = ("fit", iris, "--target", "species", *QUICK, "--out", "run")
    assert nntrain(*command).code == 0
    assert (
        "run: run exists; resume it: nntrain resume run; overwrite it: --force" in nntrain(*command, "--folds", 2).err
    )
    assert nntrain(*command, "--folds", 2, "--force").code == 0
    assert {item.name for item in (tmp_path / "run").iterdir()} == {"fold-1", "fold-2", "folds.json", "folds.toml"}
    assert "run: run exists" in nntrain(*command).err
    # Nothing is lost by a replacement that cannot start.
    before = (tmp_path / "run" / "folds.json").read_bytes()
    assert nntrain("fit", iris, "--target", "nowhere", *QUICK, "--out", "run", "--force").code != 0
    assert (tmp_path / "run" / "folds.json").read_bytes() == before
    assert nntrain(*command, "--force").code == 0
    assert not (tmp_path / "run" / "fold-1").exists()
    assert nntrain("evaluate", "run").code == 0
