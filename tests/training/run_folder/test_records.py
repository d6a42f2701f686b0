"""The JSON files of a run may come from anybody: they are used, or refused in one line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.cli.main import run_command
from tests.training.stopping import IRIS

Said = Callable[..., tuple[int, str]]

FIT = ("fit", str(IRIS), "--target", "species", "--set", "train.epochs=2", "--set", "model.hidden=[2]")

COMMANDS = {
    "resume": ("resume", "run", "--set", "train.epochs=3"),
    "fit --resume": (*FIT, "--out", "run", "--resume"),
    "evaluate": ("evaluate", "run"),
    "evaluate a file": ("evaluate", "run", str(IRIS)),
    "show": ("show", "run"),
    "diff": ("diff", "run", "run"),
    "check": ("check", "run"),
    "predict": ("predict", "run", str(IRIS)),
    "fit --force": (*FIT, "--out", "run", "--force"),
}

# Texts that are no JSON, or no object.
TEXTS = {
    "empty": b"",
    "a number": b"3\n",
    "a list": b"[]\n",
    "cut off": b'{"epoch": 1, \n',
    "not UTF-8": b"\xff\xfe\n",
    "a control character": b"\0\n",
    "deep": b"[" * 100_000 + b"\n",
    "a number of many digits": b'{"step": ' + b"9" * 5000 + b"}\n",
    "an empty object": b"{}\n",
}

# Values of run.json of another kind than theirs.
VALUES: dict[str, list[Any]] = {
    "data": [3, {}, {"fingerprint": 5}],
    "threads": ["two", 0, -4, 10**9, True],
    "resumed": [5, [1], [{}], [{"step": 1, "changes": {"a": 1}, "allowed": []}]],
    "diverged": [7, {}, {"best": "x"}],
    "asked": [[1]],
    "origins": [[1], {"module": 5}, {"module": {"Linear": 5}}],
    "exact": ["no"],
}

SCORES = [{"epoch": 1, "test": 3}, {"epoch": 1, "test": {"loss": "low"}}, {"test": {}}, {"epoch": 1, "test": {}}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made")
    for name, more in (("run", ()), ("folds", ("--folds", "2"))):
        assert run_command([*FIT, *more, "--out", str(place / name)]) == 0
    return place


@pytest.fixture
def said(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """The exit code and the errors of a command on a copy of a run with another content of a file."""
    monkeypatch.chdir(tmp_path)

    def run(name: str, file: str, content: bytes, command: tuple[str, ...]) -> tuple[int, str]:
        shutil.rmtree(tmp_path / "run", ignore_errors=True)
        shutil.copytree(made / name, tmp_path / "run")
        (tmp_path / "run" / file).write_bytes(content)
        capsys.readouterr()
        return run_command(list(command)), capsys.readouterr().err

    return run


@pytest.mark.parametrize("file", ["run.json", "metrics.jsonl", "scores.json"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_file_that_is_no_json_is_refused_in_a_line(text: str, file: str, said: Said) -> None:
    for command in COMMANDS.values():
        code, told = said("run", file, TEXTS[text], command)
        assert code in (0, 2), told
        assert not code or (told.startswith(f"Error: run/{file}: ") and told.count("\n") == 1)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in VALUES.items() for value in values], ids=repr
)
def test_a_value_of_another_kind_is_refused_by_those_that_use_it(name: str, value: Any, made: Path, said: Said) -> None:
    about = {**json.loads((made / "run" / "run.json").read_text()), name: value}
    codes = set()
    for command in COMMANDS.values():
        code, told = said("run", "run.json", json.dumps(about).encode(), command)
        assert code in (0, 2), told
        assert not code or told.startswith("Error: run/run.json: corrupt: ")
        codes.add(code)
    assert codes == {0, 2}, "predict and --force need none of it, resume does"


def test_commands_that_need_run_json_say_that_it_is_gone(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (("evaluate", "run"), ("resume", "run")):
        shutil.rmtree(tmp_path / "run", ignore_errors=True)
        shutil.copytree(made / "run", tmp_path / "run")
        (tmp_path / "run" / "run.json").unlink()
        assert run_command(list(command)) == 2
        assert capsys.readouterr().err == "Error: run/run.json: no such file; the run folder is incomplete\n"


@pytest.mark.parametrize("fold", [1, 2])
@pytest.mark.parametrize("content", [*TEXTS.values(), *(json.dumps(scores).encode() for scores in SCORES)])
def test_scores_of_a_fold_that_cannot_be_gathered_are_refused(fold: int, content: bytes, said: Said) -> None:
    code, told = said("folds", f"fold-{fold}/scores.json", content, ("resume", "run"))
    assert (code, told.startswith("Error: run/fold-"), told.count("\n")) == (2, True, 1), told


def test_a_cross_validation_without_folds_is_refused(said: Said) -> None:
    config = f'[data]\npath = "{IRIS}"\ntarget = "species"\n'.encode()
    assert said("folds", "folds.toml", config, ("resume", "run")) == (
        2,
        "Error: run/folds.toml: corrupt: data.folds is missing\n",
    )
