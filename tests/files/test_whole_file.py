"""A file is complete or not there, and nobody else's is touched."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py
import pytest

from nntrain.files import write_atomically
from nntrain.files.atomic_write import link_file
from tests.files.killed import FILE, at_work

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and locks of POSIX")


@pytest.fixture(params=[0o022, 0o077], ids=["umask 022", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.lstat().st_mode & 0o777


def fail(path: Path, error: type[BaseException]) -> None:
    with write_atomically(path) as new:
        new.write_text("half")
        raise error


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_there_at_the_end_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with write_atomically(path) as new:
        assert (new.resolve().parent.parent, new.name) == (tmp_path, "a.txt")
        new.write_text("new")
        assert path.read_text() == "old"
    assert (names(tmp_path), path.read_text()) == (["a.txt"], "new")


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_an_error_leaves_what_was_there(error: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(error):
        fail(path, error)
    assert (names(tmp_path), path.read_text()) == (["a.txt"], "old")


def test_the_umask_decides_who_may_read_it(umask: int, tmp_path: Path) -> None:
    with write_atomically(tmp_path / "a") as new:
        pass
    with write_atomically(tmp_path / "b", private=True) as new:
        assert mode(new) == 0o600
    assert (mode(tmp_path / "a"), mode(tmp_path / "b")) == (0o666 & ~umask, 0o600)


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("theirs")
    (tmp_path / "a").symlink_to(tmp_path / "other")
    with write_atomically(tmp_path / "a") as new:
        new.write_text("ours")
    assert ((tmp_path / "other").read_text(), (tmp_path / "a").is_symlink()) == ("theirs", False)


@pytest.mark.parametrize("name", ["x" * 255, "é" * 127, os.fsdecode(b"\xff\xfe" * 60), "a\nb"])
def test_any_name_will_do(name: str, tmp_path: Path) -> None:
    try:
        (tmp_path / name).write_text("old")
    except OSError:
        pytest.skip("the file system does not take this name")
    with write_atomically(tmp_path / name) as new:
        new.write_text("new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["new"]


def test_an_error_names_the_file_and_not_the_temporary_one(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "a.txt"
    with pytest.raises(FileNotFoundError) as raised, write_atomically(path):
        pass
    assert raised.value.filename == str(path)


def test_a_file_that_finds_no_room_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No space left on device: '.*new\.txt'"), write_atomically(tmp_path / "new.txt"):
        raise OSError(28, "No space left on device")
    with pytest.raises(OSError, match=r"No such file or directory: 'other'"), write_atomically(tmp_path / "new.txt"):
        raise OSError(2, "No such file or directory", "other")


def test_what_a_killed_process_left_goes_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    with at_work(FILE, tmp_path / "a.txt") as (process, left):
        with write_atomically(tmp_path / "b.txt"):
            pass
        assert (tmp_path / left).read_text() == "half", "its process lives"
        process.kill()
        process.wait()
        with write_atomically(tmp_path / "b.txt"):
            pass
    assert names(tmp_path) == ["b.txt"]


def test_hdf5_writes_and_reads_it_meanwhile(tmp_path: Path) -> None:
    with write_atomically(tmp_path / "a.h5") as new:
        with h5py.File(new, "w") as file:
            file["x"] = 1
        with h5py.File(new, "r+") as file:
            file["y"] = 2
    with h5py.File(tmp_path / "a.h5") as file:
        assert set(file) == {"x", "y"}


def test_a_linked_file_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("new")
    (tmp_path / "b").write_text("old")
    for _ in range(2):
        link_file(tmp_path / "a", tmp_path / "b")
        assert (tmp_path / "a").samefile(tmp_path / "b")
    assert names(tmp_path) == ["a", "b"]
