"""What a link in a run folder leads to is never written to, and the command says so before it touches anything."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.config.load import build_config
from nntrain.errors import RunError
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from tests.folder_facts import facts
from tests.training.stopping import ADAM, IRIS, config

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")

QUICK = ("--target", "species", "--set", "train.epochs=2", "--set", "model.hidden=[2]")

FILES = (
    *(".lock", "given.toml", "config.toml", "run.json", "metrics.jsonl", "best.h5", "scores.json", "profile.json"),
    *("checkpoints/step-000000042.h5", "checkpoints/best-000000042.h5"),
)
FOLDERS = ("checkpoints", "logs", ".replaced", ".replacing")

COMMANDS = {
    "fit --force": ("fit", str(IRIS), *QUICK, "--out", "run", "--force"),
    "fit --resume": ("fit", str(IRIS), *QUICK, "--out", "run", "--resume"),
    "fit": ("fit", str(IRIS), *QUICK, "--out", "run"),
    "resume": ("resume", "run", "--set", "train.epochs=3"),
}
OF_FOLDS = {
    "fit --force": ("fit", str(IRIS), *QUICK, "--folds", "2", "--out", "run", "--force"),
    "fit --resume": ("fit", str(IRIS), *QUICK, "--folds", "2", "--out", "run", "--resume"),
    "resume": ("resume", "run"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, and a cross-validation."""
    place = tmp_path_factory.mktemp("made")
    for name, more in (("run", ()), ("folds", ("--folds", "2"))):
        assert run_command(["fit", str(IRIS), *QUICK, *more, "--out", str(place / name)]) == 0
    return place


@pytest.fixture
def copied(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    monkeypatch.chdir(tmp_path)

    def copy(name: str) -> Path:
        shutil.copytree(made / name, tmp_path / "run")
        return tmp_path / "run"

    return copy


def plant(place: Path, outside: Path) -> None:
    """Move a file or a folder of a run out of it, with a link left behind; a new one where there is none."""
    outside.mkdir()
    if place.exists():
        shutil.move(place, outside / "target")
    elif "." in place.name[1:] or place.name == ".lock":
        (outside / "target").write_text("theirs")
    else:
        (outside / "target").mkdir()
        (outside / "target" / "theirs").write_text("theirs")
    place.symlink_to(outside / "target")


@pytest.mark.parametrize("place", [*FILES, *FOLDERS])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_link_in_a_run_is_refused(
    command: str, place: str, copied: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(copied("run") / place, tmp_path / "outside")
    before = facts(tmp_path)
    capsys.readouterr()
    code = run_command(list(COMMANDS[command]))
    told = capsys.readouterr().err
    kind = "folder" if place in FOLDERS else "file"
    expected = f"Error: run/{place}: expected a {kind} of this run, got a symbolic link; remove it\n"
    assert (code, told) == (2, expected)
    assert facts(tmp_path) == before


@pytest.mark.parametrize(
    "place", ["folds.toml", "folds.json", ".lock", "fold-1", "fold-2/checkpoints", "fold-2/run.json"]
)
@pytest.mark.parametrize("command", OF_FOLDS)
def test_a_link_in_a_cross_validation_is_refused(
    command: str, place: str, copied: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(copied("folds") / place, tmp_path / "outside")
    before = facts(tmp_path)
    capsys.readouterr()
    code = run_command(list(OF_FOLDS[command]))
    assert (code, "got a symbolic link; remove it" in capsys.readouterr().err) == (2, True)
    assert facts(tmp_path) == before


@pytest.mark.parametrize("place", [*FILES, *FOLDERS])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_in_a_run_is_refused_and_not_waited_for(
    command: str, place: str, copied: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = copied("run")
    if (run / place).exists():
        shutil.move(run / place, tmp_path / "old")
    os.mkfifo(run / place)
    assert run_command(list(COMMANDS[command])) == 2
    assert capsys.readouterr().err.startswith("Error: run")


READING = {
    "evaluate": ("evaluate", "run"),
    "evaluate a file": ("evaluate", "run", str(IRIS)),
    "predict": ("predict", "run", str(IRIS), "-o", "out.csv"),
    "show": ("show", "run"),
    "diff": ("diff", "run", "run"),
    "convert": ("convert", "run", "net.h5"),
    "check": ("check", "run"),
    "check its config": ("check", "run/config.toml"),
}

KINDS = {
    "a pipe": os.mkfifo,
    "a socket": lambda path: os.mknod(path, stat.S_IFSOCK | 0o600),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to what was there": lambda path: path.symlink_to("../old"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [*FILES, *FOLDERS])
def test_every_command_refuses_what_is_no_file_of_a_run(
    place: str, kind: str, copied: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copied("run") / place
    if path.exists():
        shutil.move(path, tmp_path / "old")
    KINDS[kind](path)
    got = "a symbolic link" if "link" in kind else kind
    expected = "folder" if place in FOLDERS else "file"
    message = f"Error: run/{place}: expected a {expected} of this run, got {got}; remove it\n"
    capsys.readouterr()
    for command in (READING | COMMANDS).values():
        assert (run_command(list(command)), capsys.readouterr().err) == (2, message), command


def test_a_run_folder_that_is_itself_a_link_will_do(copied: Callable[[str], Path], tmp_path: Path) -> None:
    copied("run").rename(tmp_path / "elsewhere")
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    assert run_command(list(COMMANDS["resume"])) == 0
    assert run_command(list(COMMANDS["fit --force"])) == 0
    assert (tmp_path / "run").is_symlink()


@pytest.mark.parametrize("command", ["fit --force", "resume"])
@pytest.mark.parametrize("place", FILES[:-2])
def test_a_file_with_another_name_keeps_its_content_under_that(
    command: str, place: str, copied: Callable[[str], Path], tmp_path: Path
) -> None:
    path = copied("run") / place
    if not path.exists():
        path.write_text("theirs")
    os.link(path, tmp_path / "other")
    before = (tmp_path / "other").read_bytes()
    assert run_command(list(COMMANDS[command])) == 0
    assert (tmp_path / "other").read_bytes() == before


def test_a_link_that_comes_while_the_run_trains_is_not_followed(tmp_path: Path) -> None:
    said = build_config(config(ADAM))
    folder = RunFolder(tmp_path / "run")
    run, _ = start_run(said, load_splits(said), "", folder, [])
    shutil.move(folder.checkpoints, tmp_path / "outside")
    folder.checkpoints.symlink_to(tmp_path / "outside")
    before = facts(tmp_path / "outside")
    run.train_step()
    with pytest.raises(RunError, match="got a symbolic link"):
        Checkpointer(run, folder, 3).save()
    assert facts(tmp_path / "outside") == before


@pytest.mark.parametrize("name", [".run.json.tmp", ".nntrain-abcdefgh.tmp", ".best.h5.12.tmp"])
@pytest.mark.parametrize("command", ["fit --force", "resume"])
def test_a_link_in_the_place_of_a_temporary_file_keeps_its_target(
    command: str, name: str, copied: Callable[[str], Path], tmp_path: Path
) -> None:
    run = copied("run")
    for folder in (run, run / "checkpoints"):
        plant(folder / name, tmp_path / f"outside of {folder.name}")
    before = [facts(path) for path in tmp_path.glob("outside*")]
    assert run_command(list(COMMANDS[command])) == 0
    assert [facts(path) for path in tmp_path.glob("outside*")] == before


OUTS = {
    "dangling": ("dangling", "a broken symbolic link"),
    "dangling/run": ("dangling", "a broken symbolic link"),
    "file": ("file", "a file"),
    "file/deep/run": ("file", "a file"),
}


@pytest.mark.parametrize("out", OUTS)
@pytest.mark.parametrize("more", [(), ("--force",), ("--folds", "2"), ("--resume",)])
def test_a_run_folder_that_cannot_be_is_refused_before_rows_are_read(
    more: tuple[str, ...],
    out: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dangling").symlink_to("nothing")
    Path("file").touch()
    before = facts(tmp_path)
    place, got = OUTS[out]
    # The rows are not even there.
    assert run_command(["fit", "missing.csv", "--target", "y", "--out", out, *more]) == 2
    expected = f"Error: {place}: expected a folder, got {got}; choose another with --out, or remove it\n"
    assert capsys.readouterr().err == expected
    assert facts(tmp_path) == before
