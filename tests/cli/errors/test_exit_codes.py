"""The exit codes that docs/commands.md promises, each met by a user's mistake or mishap."""

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.cli.progress_bar import ProgressBar
from nntrain.data.writers.row_writer import WRITERS

Command = Callable[..., Any]


@pytest.fixture
def trained(nntrain: Command, iris: Path) -> str:
    assert nntrain("fit", iris, "--target", "species", "--set", "train.epochs=2").code == 0
    return "runs/iris"


def test_0_done(nntrain: Command, trained: str) -> None:
    for arguments in (("show", trained), ("layers", "Linear"), ("plugins",), ("--help",), ("fit", "--help")):
        outcome = nntrain(*arguments)
        assert (outcome.code, outcome.err) == (0, ""), arguments


@pytest.mark.parametrize(
    "arguments",
    [
        ("fitt",),
        ("fit",),
        ("fit", "x.csv", "--no-such-option"),
        ("fit", "x.csv", "--resume", "--force"),
        ("layers", "Liner"),
        ("fit", "gone.toml"),
        ("show", "gone"),
        ("fit", "x.csv", "--set", "train.epochs=ten"),
        ("diff", "gone", "gone"),
    ],
)
def test_2_usage_or_config(arguments: tuple[str, ...], nntrain: Command) -> None:
    outcome = nntrain(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Error: " in outcome.err


def test_3_data(nntrain: Command, trained: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("x,y\n1\n")
    for arguments in (("fit", "gone.csv"), ("check", "bad.csv"), ("init", "bad.csv"), ("predict", trained, "bad.csv")):
        assert nntrain(*arguments).code == 3, arguments


def test_4_plugin(nntrain: Command, trained: str, tmp_path: Path) -> None:
    tree = read_checkpoint(tmp_path / trained / "best.h5")
    tree["network"]["spec"]["modules"][1] = {"type": "Swish"}
    tree["network"]["origins"] = {"Linear": "nntrain 0.1.0", "Swish": "nntrain-swish 1.2"}
    write_checkpoint(tmp_path / trained / "best.h5", tree)
    outcome = nntrain("evaluate", trained)
    assert (outcome.code, 'pip install "nntrain-swish==1.2"' in outcome.err) == (4, True)


def test_5_checkpoint(nntrain: Command, trained: str, tmp_path: Path) -> None:
    best = tmp_path / trained / "best.h5"
    best.write_bytes(best.read_bytes()[:1000])
    for arguments in (("show", trained), ("evaluate", trained), ("predict", trained, "x.csv")):
        assert nntrain(*arguments).code == 5, arguments


def test_130_stopped_but_saved_and_gone_on_with(
    nntrain: Command, iris: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: ProgressBar, step: int, loss: float) -> None:
        if step == 12:
            signal.raise_signal(signal.SIGINT)

    arguments = ("fit", iris, "--target", "species", "--set", "train.epochs=4", "--set", "train.batch_size=16", "--out")
    with monkeypatch.context() as patched:
        patched.setattr(ProgressBar, "on_step_end", stop)
        outcome = nntrain(*arguments, "stopped")
    assert outcome.code == 130
    assert outcome.err == "Stopped after step 12 and saved; resume with: nntrain resume stopped\n"
    assert nntrain("resume", "stopped").code == 0
    assert nntrain(*arguments, "whole").code == 0
    found = json.loads(nntrain("diff", "stopped", "whole", "--json").out)
    assert (found["parting"], found["parameters"]) == (None, None)


def test_1_the_machine_would_not(
    nntrain: Command, trained: str, iris: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, blocks: Any) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setitem(WRITERS, ".csv", full)
    outcome = nntrain("predict", trained, iris, "-o", "out.csv")
    assert (outcome.code, outcome.err) == (1, "Error: out.csv: No space left on device\n")
    assert not [path for path in tmp_path.iterdir() if "out.csv" in path.name]


def test_70_a_bug_is_one_line_too(nntrain: Command, monkeypatch: pytest.MonkeyPatch, trained: str) -> None:
    monkeypatch.delenv("NNTRAIN_DEBUG", raising=False)
    monkeypatch.setitem(sys.modules, "nntrain.training.diagnostics.checkpoint_summary", None)
    outcome = nntrain("show", trained)
    assert outcome.code == 70
    assert "a bug in nntrain" in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "told"),
    [("--epochs", "--set train.epochs=..."), ("--batch-size", "--set train.batch_size=..."), ("--nothing", None)],
)
def test_an_option_that_is_a_key_of_the_config_is_reported_as_such(
    option: str, told: str | None, nntrain: Command
) -> None:
    outcome = nntrain("fit", "rows.csv", option, "3")
    assert outcome.code == 2
    assert f"No such option {option!r}" in outcome.err
    assert ("This is a config key" in outcome.err) == (told is not None)
    assert told is None or told in outcome.err
