"""Files that the user asks for never take the place of an input, or of something in a run folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.folder_facts import facts

Command = Callable[..., Any]

QUICK = ("--target", "species", "--set", "train.epochs=1", "--set", "model.hidden=[2]")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")


@pytest.fixture
def rows(nntrain: Command, iris: Path, tmp_path: Path) -> Path:
    """A file of rows, and a run on it."""
    (tmp_path / "rows.csv").write_bytes(iris.read_bytes())
    assert nntrain("fit", "rows.csv", *QUICK, "--out", "run").code == 0
    return tmp_path / "rows.csv"


@pytest.fixture(params=[0o022, 0o077], ids=["umask 022", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def linked(rows: Path) -> str:
    (rows.parent / "other.csv").symlink_to(rows)
    return "other.csv"


def hard_linked(rows: Path) -> str:
    os.link(rows, rows.parent / "other.csv")
    return "other.csv"


NAMES = {
    "the name itself": lambda rows: "rows.csv",
    "by way of a folder": lambda rows: "run/../rows.csv",
    "a link": linked,
    "a hard link": hard_linked,
}


@pytest.mark.parametrize("name", NAMES)
def test_predict_does_not_overwrite_its_rows(name: str, nntrain: Command, rows: Path) -> None:
    before, out = rows.read_bytes(), NAMES[name](rows)
    outcome = nntrain("predict", "run", "rows.csv", "-o", out)
    assert (outcome.code, outcome.err) == (2, f"Error: {out}: is the input file; choose another name\n")
    assert rows.read_bytes() == before


def test_predict_does_not_overwrite_its_checkpoint(nntrain: Command, rows: Path) -> None:
    assert nntrain("convert", "run", "net.h5").code == 0
    before = Path("net.h5").read_bytes()
    assert nntrain("predict", "net.h5", "rows.csv", "-o", "net.h5").code == 2
    assert nntrain("convert", "net.h5", "net.h5", "--force").code == 2
    assert Path("net.h5").read_bytes() == before


@pytest.mark.parametrize("place", ["run/new.csv", "run/checkpoints/new.csv", "link/new.csv", "run/logs/../new.csv"])
def test_nothing_is_written_into_a_run(place: str, nntrain: Command, rows: Path) -> None:
    (rows.parent / "link").symlink_to("run")
    (rows.parent / "run" / "logs").mkdir()
    before = sorted(rows.parent.rglob("*"))
    outcome = nntrain("predict", "run", "rows.csv", "-o", place)
    folder = (rows.parent / "run").resolve()
    assert outcome.err == f"Error: {place}: is in the run folder {folder}; choose a name outside it\n"
    for name in ("run/net.h5", "run/best.h5", "run/net.onnx"):
        assert nntrain("convert", "run", name, "--input-size", "4", "--force").code == 2
    assert nntrain("convert", "rows.csv", "run/rows.h5").code == 2
    assert sorted(rows.parent.rglob("*")) == before


def test_a_folder_with_a_config_is_no_run(nntrain: Command, rows: Path) -> None:
    (rows.parent / "config.toml").write_text("")
    assert nntrain("predict", "run", "rows.csv", "-o", "new.csv").code == 0


def test_a_pipe_is_no_file_to_write(nntrain: Command, rows: Path) -> None:
    os.mkfifo(rows.parent / "new.csv")
    outcome = nntrain("predict", "run", "rows.csv", "-o", "new.csv")
    assert outcome.err == "Error: new.csv: expected a file name to write, got a folder or a device\n"


@pytest.mark.parametrize("target", ["theirs.csv", "nothing", "run/scores.json"])
def test_a_link_is_neither_replaced_nor_followed(target: str, nntrain: Command, rows: Path) -> None:
    Path("theirs.csv").write_text("theirs")
    for name in ("new.csv", "new.h5"):
        Path(name).symlink_to(target)
    before = facts(rows.parent)
    expected = f"a symbolic link to {target}; use the name of the file, or remove the link\n"
    outcome = nntrain("predict", "run", "rows.csv", "-o", "new.csv")
    assert (outcome.code, outcome.err) == (2, f"Error: new.csv: {expected}")
    for source in ("run", "rows.csv"):
        outcome = nntrain("convert", source, "new.h5", "--force")
        assert (outcome.code, outcome.err) == (2, f"Error: new.h5: {expected}")
    assert facts(rows.parent) == before


SOURCES = {"net": ("run", "--input-size", "4"), "rows": ("rows.csv",)}
FORMS = ("new.csv", "new.parquet", "new.h5", "net.h5", "net.t7", "net.onnx", "net.safetensors", "rows.h5")


@pytest.mark.parametrize("name", FORMS)
def test_the_umask_decides_who_may_read_them(name: str, umask: int, nntrain: Command, rows: Path) -> None:
    if name.startswith("new"):
        assert nntrain("predict", "run", "rows.csv", "-o", name).code == 0
    else:
        assert nntrain("convert", *SOURCES[name.partition(".")[0]], name).code == 0
    assert (rows.parent / name).stat().st_mode & 0o777 == 0o666 & ~umask


def process(*command: object) -> tuple[int, int]:
    """The exit code of a command in a process, and how many lines of errors it printed."""
    done = subprocess.run([sys.executable, "-m", "nntrain", *command], capture_output=True, check=False, timeout=600)
    return done.returncode, done.stderr.count(b"Error: ")


@pytest.mark.parametrize("form", FORMS)
def test_a_name_of_any_bytes_works(form: str, rows: Path) -> None:
    stem, suffix = form.split(".")
    name = f"{os.fsdecode(stem.encode() + bytes([255]))}.{suffix}"
    if stem == "new":
        outcome = process("predict", "run", "rows.csv", "-o", name)
    else:
        outcome = process("convert", *SOURCES[stem], name)
    assert outcome == (0, 0)
    assert (rows.parent / name).is_file()


@pytest.mark.parametrize("folder", [b"ru\xff", b"a\nb"])
def test_a_run_folder_of_any_bytes_works(folder: bytes, rows: Path) -> None:
    fit = ("fit", "rows.csv", *QUICK, "--out", folder)
    for command in (fit, ("resume", folder), (*fit, "--resume"), (*fit, "--force"), ("evaluate", folder)):
        assert process(*command) == (0, 0), command


SLOW = """
import sys, time
from nntrain.data.writers import row_writer
from nntrain.cli.main import run_command

def slow(write):
    def wait(path, blocks):
        write(path, blocks)
        print("written", flush=True)
        time.sleep(600)
    return wait

row_writer.WRITERS = {suffix: slow(write) for suffix, write in row_writer.WRITERS.items()}
sys.exit(run_command(sys.argv[1:]))
"""


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_what_a_stopped_process_left_next_to_its_output_goes_with_the_next(
    stop: signal.Signals, nntrain: Command, rows: Path
) -> None:
    command = [sys.executable, "-c", SLOW, "predict", "run", "rows.csv", "-o", "new.csv"]
    before = set(rows.parent.iterdir())
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=rows.parent) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        assert nntrain("predict", "run", "rows.csv", "-o", "living.csv").code == 0
        assert len(set(rows.parent.iterdir()) - before) == 2, "its process lives"
        process.send_signal(stop)
    assert nntrain("predict", "run", "rows.csv", "-o", "other.csv").code == 0
    assert {path.name for path in set(rows.parent.iterdir()) - before} == {"living.csv", "other.csv"}
