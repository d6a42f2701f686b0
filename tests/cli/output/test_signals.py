"""Signals at every moment of a command: nothing is half written, and the message names the way to resume."""

import signal
import sys
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.training.run_folder.run_folder import RunFolder
from tests.cli.processes import ENDLESS, IRIS, SHORT, begun, ended, read_until, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

STRUCK = (sys.executable, "-m", "tests.cli.struck")

READING = "nntrain.training.run_start.load_data"
FILLING = "nntrain.checkpoint.writing.write_items"
CLOSING = "nntrain.training.training_loop.finish_epoch"
SCORING = "nntrain.training.training_loop.read_checkpoint"
SCORES = "nntrain.training.training_loop.write_text"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("import click", "SIGTERM"),
        ("import duckdb", "SIGHUP"),
        (READING, "SIGTERM"),
        (READING, "SIGXCPU"),
        (FILLING, "SIGINT"),
    ],
)
def test_before_training_a_signal_stops_at_once_and_leaves_nothing(where: str, name: str, tmp_path: Path) -> None:
    outcome = run(where, name, *SHORT, "--out", "run", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert not list(tmp_path.iterdir())


def test_a_run_to_be_replaced_is_there_again(tmp_path: Path) -> None:
    assert run(*SHORT, "--out", "run", cwd=tmp_path).code == 0
    before = files(tmp_path)
    outcome = run(FILLING, "SIGTERM", *SHORT, "--out", "run", "--force", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("where", "name", "reason"),
    [
        (CLOSING, "SIGTERM", "Stopped after step 4 and saved"),
        (CLOSING, "SIGHUP", "Stopped after step 4 and saved"),
        (CLOSING, "SIGXCPU", "Stopped after step 4 and saved"),
        # The best network, the checkpoint of the end.
        (f"{FILLING}:3", "SIGTERM", "Stopped before all sets were scored; everything is saved"),
        (SCORING, "SIGTERM", "Stopped before all sets were scored; everything is saved"),
        (f"{FILLING}:4", "SIGTERM", "Stopped before all sets were scored; everything is saved"),
        (SCORES, "SIGHUP", "Stopped before all sets were scored; everything is saved"),
    ],
)
def test_a_run_that_is_stopped_ends_as_one_that_was_not(
    where: str, name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run(where, name, *SHORT, "--out", "run", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, f"{reason}; resume with: nntrain resume run\n")
    assert not [name for name in files(tmp_path) if "tmp" in name]
    assert run_command(["resume", "run"]) == 0
    assert run_command([*SHORT, "--out", "whole"]) == 0
    for name in ("metrics.jsonl", "scores.json"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize(
    "where",
    ["nntrain.data.writers.row_writer.to_hdf5_array:2", "nntrain.data.writers.row_writer.iterate_dataset_names"],
)
def test_predictions_that_are_stopped_leave_nothing(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_command([*SHORT, "--out", "run"]) == 0
    outcome = run(where, "SIGTERM", "predict", "run", IRIS, "-o", "rows.h5", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_fold_that_is_stopped_names_the_whole(tmp_path: Path) -> None:
    arguments = (*SHORT, "--folds", "2", "--out", "folds")
    outcome = run(f"{READING}:2", "SIGTERM", *arguments, cwd=tmp_path, command=STRUCK)
    assert outcome.code == 130
    assert outcome.err.endswith("Stopped at once in fold 2; resume with: nntrain resume folds\n")
    outcome = run(f"{READING}", "SIGTERM", *arguments[:-1], "others", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert not (tmp_path / "others").exists()


def test_nothing_is_left_of_a_verification(tmp_path: Path) -> None:
    arguments = ("verify-resume", IRIS, "--target", "species", "--steps", "4", "--kills", "1")
    outcome = run(
        "nntrain.training.diagnostics.resume_verification.run_in_process",
        "SIGTERM",
        *arguments,
        cwd=tmp_path,
        command=STRUCK,
    )
    assert (outcome.code, outcome.err) == (130, "Stopped at once.\n")
    assert not list(tmp_path.iterdir())


def test_a_closed_terminal_saves_and_stops(tmp_path: Path) -> None:
    process = begun(*ENDLESS, "--out", "run", cwd=tmp_path)
    read_until(process, "epoch   3")
    # The kernel and the shell each send one.
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGHUP)
    outcome = ended(process)
    assert outcome.code == 130
    assert outcome.err.endswith("and saved; resume with: nntrain resume run\n")


def test_under_nohup_a_closed_terminal_changes_nothing(tmp_path: Path) -> None:
    ignoring = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh", *STRUCK)
    outcome = run(CLOSING, "SIGHUP", *SHORT, "--out", "run", cwd=tmp_path, command=ignoring)
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize("where", ["import click", READING, SCORING])
def test_outside_training_usr1_is_ignored(where: str, tmp_path: Path) -> None:
    outcome = run(where, "SIGUSR1", *SHORT, "--out", "run", cwd=tmp_path, command=STRUCK)
    assert (outcome.code, outcome.err) == (0, "")


def test_usr1_saves_and_training_goes_on(tmp_path: Path) -> None:
    process = begun(*ENDLESS, "--checkpoint-every", "1h", "--out", "run", cwd=tmp_path)
    read_until(process, "epoch   3")
    before = RunFolder(tmp_path / "run").list_checkpoints()
    process.send_signal(signal.SIGUSR1)
    while RunFolder(tmp_path / "run").list_checkpoints() == before:
        read_until(process, "epoch")
    process.send_signal(signal.SIGTERM)
    assert ended(process).code == 130
