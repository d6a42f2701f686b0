"""Every kind of file has one name, with links followed or not."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nntrain.errors import RunError
from nntrain.files.file_kind import describe_file
from nntrain.files.own_files import check_path_kind

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes and devices")


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the path of a socket is short enough."""
    monkeypatch.chdir(tmp_path)
    return Path()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("folder", "a folder"),
        ("pipe", "a pipe"),
        ("socket", "a socket"),
        ("device", "a character device"),
        ("link", "a symbolic link"),
    ],
)
def test_what_is_in_place_of_a_file_is_named(kind: str, words: str, short: Path) -> None:
    path = short / "metrics.jsonl"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    elif kind == "device":
        path = Path("/dev/null")
    else:
        path.symlink_to("elsewhere")
    assert describe_file(path) == (None if kind == "link" else words)
    with pytest.raises(RunError, match=f"expected a file of this run, got {words}; remove it"):
        check_path_kind(path, "file")


def test_a_file_is_named_where_a_folder_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints"
    path.touch()
    assert describe_file(path) is None
    with pytest.raises(RunError, match="expected a folder of this run, got a file; remove it"):
        check_path_kind(path, "folder")
