"""All that is appended is there, or nothing of it; and only in the file of that name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nntrain.errors import RunError
from nntrain.files.own_files import append_text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and limits of POSIX")

FULL = """
import resource, signal, sys
from pathlib import Path
from nntrain.files.own_files import append_text
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
try:
    append_text(Path(sys.argv[1]), "x" * 200)
except OSError as error:
    print(error.strerror)
"""


def test_a_file_is_made_private_and_grows(tmp_path: Path) -> None:
    for line in ("a\n", "ä\n"):
        append_text(tmp_path / "m", line)
    assert ((tmp_path / "m").read_text("utf-8"), (tmp_path / "m").stat().st_mode & 0o777) == ("a\nä\n", 0o600)


def test_without_room_nothing_is_appended(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("a\n")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "m")], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.stdout, done.stderr, (tmp_path / "m").read_text()) == ("File too large\n", "", "a\n")


def test_a_file_of_another_name_too_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("a\n")
    os.link(tmp_path / "m", tmp_path / "other")
    append_text(tmp_path / "m", "b\n")
    assert ((tmp_path / "m").read_text(), (tmp_path / "other").read_text()) == ("a\nb\n", "a\n")


@pytest.mark.parametrize("kind", ["link", "link to nothing", "pipe", "folder"])
def test_invalid_file_is_refused(kind: str, tmp_path: Path) -> None:
    path, other = tmp_path / "m", tmp_path / "other"
    if kind == "link":
        other.write_text("theirs")
    if kind.startswith("link"):
        path.symlink_to(other)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(RunError, match="expected a file of this run, got "):
        append_text(path, "b\n")
    assert other.exists() == (kind == "link")
    if kind == "link":
        assert other.read_text() == "theirs"
