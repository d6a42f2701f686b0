"""Outputs that are closed or full, or whose reader goes away: no run is lost, and no data silently."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.cli.output_stream import OutputStream
from tests.cli.processes import ENDLESS, IRIS, SHORT, begun, ended, in_shell, read_until, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such descriptors")

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    assert run(*SHORT, "--out", "run", cwd=folder).code == 0
    return folder


def is_complete(folder: Path) -> bool:
    """Whether there is a trained and scored run, with nothing in its files that does not belong there."""
    assert len((folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert set(read_checkpoint(folder / "best.h5")["scores"]) == {"train", "validation", "test"}
    return (folder / "scores.json").is_file()


@pytest.mark.parametrize("redirection", ["2>&-", ">&- 2>&- <&-", pytest.param("> /dev/full 2>&1", marks=needs_full)])
def test_training_goes_on_without_outputs(redirection: str, tmp_path: Path) -> None:
    assert run(*SHORT, "--out", "run", cwd=tmp_path, command=in_shell(redirection)).code == 0
    assert is_complete(tmp_path / "run")


def test_training_goes_on_when_the_reader_goes_away(tmp_path: Path) -> None:
    process = begun(*SHORT, "--out", "run", cwd=tmp_path)
    read_until(process, "Note: ")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    outcome = ended(process)
    assert (outcome.code, outcome.err) == (0, "")
    assert is_complete(tmp_path / "run")


def test_a_reader_that_goes_away_in_the_middle_does_not_end_a_run(tmp_path: Path) -> None:
    process = begun(*ENDLESS, "--set", "train.max_steps=200", "--out", "run", cwd=tmp_path)
    read_until(process, "epoch   3")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert ended(process).code == 0
    assert (tmp_path / "run" / "scores.json").is_file()


@needs_full
@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        ((*SHORT, "--folds", "2", "--out", "folds"), "folds/folds.json"),
        (("resume", "run", "--set", "train.epochs=4"), "run/scores.json"),
        (("verify-resume", IRIS, "--target", "species", "--steps", "4", "--kills", "1"), "."),
    ],
)
def test_what_trains_needs_no_stdout(arguments: tuple[str, ...], made: str, tmp_path: Path) -> None:
    if arguments[0] == "resume":
        run(*SHORT, "--out", "run", cwd=tmp_path)
        (tmp_path / "run" / "scores.json").unlink()
    outcome = run(*arguments, cwd=tmp_path, command=in_shell("> /dev/full"))
    assert (outcome.code, "Error" in outcome.err) == (0, False)
    assert (tmp_path / made).exists()


@pytest.mark.parametrize(
    ("redirection", "reason"),
    [(">&-", "Bad file descriptor"), pytest.param("> /dev/full", "No space left on device", marks=needs_full)],
)
@pytest.mark.parametrize("arguments", [("predict", "run", IRIS), ("--version",)], ids=lambda a: a[0])
def test_a_result_that_cannot_be_printed_is_an_error(
    arguments: tuple[str, ...], redirection: str, reason: str, trained: Path
) -> None:
    outcome = run(*arguments, cwd=trained, command=in_shell(redirection))
    assert (outcome.code, outcome.err) == (1, f"Error: stdout: {reason}\n")


@pytest.mark.parametrize(
    "arguments",
    [("predict", "run", IRIS), ("show", "run"), ("schema",), ("--help",)],
    ids=lambda arguments: arguments[0],
)
def test_a_reader_that_has_enough_ends_a_command_without_a_word(arguments: tuple[str, ...], trained: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        outcome = run(*arguments, cwd=trained, stdout=writing)
    finally:
        os.close(writing)
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize("redirection", ["2>&-", pytest.param("2> /dev/full", marks=needs_full)])
def test_an_error_that_nobody_sees_keeps_its_exit_code(redirection: str, tmp_path: Path) -> None:
    assert run("show", "nowhere", cwd=tmp_path, command=in_shell(redirection)).code == 2
    assert run("show", cwd=tmp_path, command=in_shell(redirection)).code == 2


def test_no_file_gets_the_number_of_a_closed_output(tmp_path: Path) -> None:
    code = "from nntrain.cli.output_stream import reserve_descriptors; reserve_descriptors(); file = open('x', 'w')"
    command = (*in_shell("<&- >&- 2>&-")[:-3], sys.executable, "-c", f"{code}; file.write(str(file.fileno()))")
    assert run(cwd=tmp_path, command=command).code == 0
    assert int((tmp_path / "x").read_text(encoding="utf-8")) > 2


class Busy:
    """A pipe that is full at every second try."""

    def __init__(self) -> None:
        self.tries = 0
        self.taken = b""

    def write(self, data: bytes) -> int | None:
        self.tries += 1
        if self.tries % 2:
            return None
        self.taken += bytes(data)
        return len(data)


def test_a_pipe_that_does_not_block_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    raw: Any = Busy()
    output = OutputStream(raw, "stdout", needed=True)
    monkeypatch.setattr(output, "wait_until_writable", lambda: None)
    assert output.write(b"epoch 1") == output.write(b"epoch 2") == 7
    assert (raw.taken, raw.tries) == (b"epoch 1epoch 2", 4)
