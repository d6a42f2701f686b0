"""The commands that messages suggest do what they say when they are pasted, whatever files are called."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.cli import cross_validation, training
from nntrain.errors import InterruptedRunError
from nntrain_torch7.format import TorchObject, write

Command = Callable[..., Any]
Paste = Callable[..., list[str]]

# A name that begins as an option does, and means something to a shell, to printf and to a terminal.
HOSTILE = "-a 'b' \"c\" $(touch x)`touch y` %d\x1bc\n\u202e&"

QUICK = ("--target", "species", "--set", "train.epochs=1", "--set", "model.hidden=[4]")


@pytest.fixture(params=["plain", HOSTILE], ids=["plain", "hostile"])
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def paste(tmp_path: Path) -> Paste:
    """Give the command that a message suggests to a shell, and return its arguments."""
    folder = tmp_path / "bin"
    folder.mkdir()
    stub = folder / "nntrain"
    stub.write_text(f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    stub.chmod(0o755)

    def pasted(text: str, command: str, **swapped: object) -> list[str]:
        suggestion = re.split("; |    \\(|\n", text[text.index(f"nntrain {command} ") :])[0]
        before = sorted(os.listdir(tmp_path))
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        told = subprocess.run(
            ["sh", "-c", suggestion], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, timeout=60
        )
        assert told.returncode == 0, told.stderr
        assert sorted(os.listdir(tmp_path)) == before, "the shell did something else too"
        found: list[str] = json.loads(told.stdout)
        return [str(swapped.get(word, word)) for word in found]

    return pasted


def test_a_run_is_used_and_resumed_as_its_end_says(name: str, nntrain: Command, iris: Path, paste: Paste) -> None:
    end = nntrain("fit", iris, *QUICK, "--out", name)
    assert end.code == 0, end.err
    for command in ("predict", "evaluate", "show", "resume"):
        arguments = paste(end.out, command, NEW_DATA=iris, OTHER_DATA=iris)
        assert name in arguments
        assert nntrain(*arguments).code == 0
    assert Path("predictions.csv").is_file()
    again = nntrain("fit", iris, *QUICK, "--out", name)
    assert again.code == 2
    assert again.err.count("\n") == 1
    assert nntrain(*paste(again.err, "resume")).code == 0


def test_a_stopped_run_is_resumed(
    name: str, nntrain: Command, iris: Path, paste: Paste, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(training, "score_best_network", stopped)
        patched.setattr(training.train_and_score, "__defaults__", (stopped,))
        outcome = nntrain("fit", iris, *QUICK, "--out", name)
    assert outcome.code == 130
    assert outcome.err.count("\n") == 1
    assert nntrain(*paste(outcome.err, "resume")).code == 0


def test_moved_rows_are_named(name: str, nntrain: Command, iris: Path, tmp_path: Path, paste: Paste) -> None:
    rows = Path(f"{name}.csv")
    shutil.copy(iris, rows)
    assert nntrain("fit", *QUICK, "--out", name, "--", rows).code == 0
    rows.rename("moved.csv")
    outcome = nntrain("resume", "--set", "train.epochs=2", "--", name)
    assert outcome.code == 3
    arguments = paste(outcome.err, "resume", NEW_PATH="moved.csv")
    assert nntrain(*arguments[:1], "--set", "train.epochs=2", *arguments[1:]).code == 0


def test_rows_to_score_are_named(name: str, nntrain: Command, iris: Path, tmp_path: Path, paste: Paste) -> None:
    assert nntrain("fit", iris, *QUICK, "--out", name, "--set", "data.test=0").code == 0
    outcome = nntrain("evaluate", "--", name)
    assert outcome.code == 2
    assert nntrain(*paste(outcome.err, "evaluate", DATA=iris)).code == 0
    best = Path(name) / "best.h5"
    outcome = nntrain("evaluate", "--", best)
    assert outcome.code == 2
    assert nntrain(*paste(outcome.err, "evaluate", DATA=iris)).code == 0


def test_changed_rows_are_scored_with_the_files_of_the_config(
    name: str, nntrain: Command, iris: Path, paste: Paste
) -> None:
    rows, test = Path("rows.csv"), Path(f"{name}.csv")
    shutil.copy(iris, rows)
    shutil.copy(iris, test)
    assert nntrain("fit", rows, *QUICK, "--out", name, "--set", f"data.test_path={json.dumps(str(test))}").code == 0
    rows.write_text(rows.read_text() + "5,3,1,0.2,setosa\n")
    outcome = nntrain("evaluate", "--", name)
    assert outcome.code == 3
    assert nntrain(*paste(outcome.err, "evaluate")).code == 0


def test_a_converted_table_is_trained_on(name: str, nntrain: Command, iris: Path, paste: Paste) -> None:
    outcome = nntrain("convert", "--target", "species", "--", iris, f"{name}.h5")
    assert outcome.code == 0, outcome.err
    arguments = paste(outcome.out, "fit")
    assert f"{name}.h5" in arguments
    assert nntrain(*arguments[:1], "--set", "train.epochs=1", "--out", "run", *arguments[1:]).code == 0


def test_folds_are_used_and_resumed(
    name: str, nntrain: Command, iris: Path, paste: Paste, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*arguments: object, **options: object) -> None:
        raise InterruptedRunError("stopped")

    given = ("fit", iris, *QUICK, "--folds", 2, "--out", name)
    with monkeypatch.context() as patched:
        patched.setattr(cross_validation, "run_training", stopped)
        outcome = nntrain(*given)
    assert outcome.code == 130
    end = nntrain(*paste(outcome.err, "resume"))
    assert end.code == 0, end.err
    assert nntrain(*paste(end.out, "evaluate", OTHER_DATA=iris)).code == 0
    again = nntrain(*given)
    assert again.code == 2
    assert nntrain(*paste(again.err, "resume")).code == 0
    refused = nntrain("resume", "--set", "train.epochs=2", "--", name)
    assert str(Path(name) / "fold-1") in paste(refused.err, "resume")


def test_what_a_file_of_torch_holds_is_shown(name: str, nntrain: Command, paste: Paste) -> None:
    path = Path(f"{name}.t7")
    write(TorchObject("tds.Hash", 0, {"rows": 3.0}), path)
    outcome = nntrain("show", "--", path)
    assert outcome.code == 5
    assert nntrain(*paste(outcome.err, "t7")).code == 0


def test_the_run_remembers_its_command_in_a_file_that_reads_again(
    name: str, nntrain: Command, iris: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("fit", str(iris), *QUICK, "--out", name, "--resume")
    monkeypatch.setattr(sys, "argv", ["nntrain", *given])
    assert nntrain(*given).code == 0
    assert (Path(name) / "given.toml").read_text().count("\n") == 1
    assert nntrain(*given).code == 0


@pytest.mark.parametrize(
    ("origin", "suggested"),
    [
        ("nntrain-swish 1.2", 'pip install "nntrain-swish==1.2"'),
        ("$(touch x) 1.2", None),
        ("--index-url=http://x 1.2", None),
        ('a"; touch x; " 1.2', None),
        ("nntrain-swish 1.2 --pre", None),
        ("", None),
    ],
)
def test_only_the_name_of_a_distribution_is_suggested_to_pip(origin: str, suggested: str | None) -> None:
    from nntrain.errors import PluginError
    from nntrain.training.run_folder.provenance import require_installed

    with pytest.raises(PluginError) as caught:
        require_installed("module", {"Swish": origin}, "run.h5")
    assert ("pip install" in str(caught.value)) == (suggested is not None)
    assert suggested is None or suggested in str(caught.value)
