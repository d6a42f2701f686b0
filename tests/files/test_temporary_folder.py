"""Temporary folders are private, and go with their process, however it ends."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nntrain.files.temporary_folders import PREFIXES, create_temporary_folder
from tests.files.killed import FOLDER, at_work

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and locks of POSIX")

PROCESS = """
import os, signal, sys
from nntrain.files.temporary_folders import get_process_folder
folder = get_process_folder()
assert folder is get_process_folder()
(folder / "rows").write_text("many")
print(folder, oct(folder.stat().st_mode & 0o777))
{end}
"""


def test_a_folder_is_there_for_a_while(tmp_path: Path) -> None:
    with create_temporary_folder(tmp_path) as folder:
        (folder / "rows").write_text("many")
        assert (folder.resolve().parent, folder.stat().st_mode & 0o777) == (tmp_path, 0o700)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("end", ["", "raise KeyboardInterrupt", "sys.exit(3)", "1 / 0"])
def test_the_folder_of_a_process_goes_with_it(end: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROCESS.format(end=end)],
        env={"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    folder, mode = done.stdout.split()
    assert (Path(folder).parent, mode, list(tmp_path.iterdir())) == (tmp_path, "0o700", [])


def test_what_a_killed_process_left_goes_and_that_of_a_living_one_stays(tmp_path: Path) -> None:
    with at_work(FOLDER, tmp_path) as (process, left):
        with create_temporary_folder(tmp_path):
            assert (tmp_path / left / "rows").exists(), "its process lives"
        process.kill()
        process.wait()
        with create_temporary_folder(tmp_path) as folder:
            assert list(tmp_path.iterdir()) == [folder.resolve()]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_what_other_commands_left_goes_too(prefix: str, tmp_path: Path) -> None:
    (tmp_path / f"{prefix}abcdefgh.tmp" / "deep").mkdir(parents=True)
    (tmp_path / f"{prefix}abcdefgh.tmp" / "link").symlink_to(tmp_path)
    with create_temporary_folder(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder.resolve()]


def test_a_folder_that_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "nntrain-data").mkdir()
    (tmp_path / "nntrain-abcdefgh").mkdir()
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "kept").touch()
    (tmp_path / "nntrain-abcdefgh.tmp").symlink_to(tmp_path / "target")
    with create_temporary_folder(tmp_path):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("nntrain-abcdefgh", "nntrain-abcdefgh.tmp", "nntrain-data", "target"),
    ]
    assert (tmp_path / "target" / "kept").exists()


def test_what_another_user_left_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nntrain-abcdefgh.tmp").mkdir()
    own = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: own + 1)
    with create_temporary_folder(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["nntrain-abcdefgh.tmp"]


def test_without_locks_nothing_is_removed_and_all_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def refused(*arguments: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)
    (tmp_path / "nntrain-abcdefgh.tmp").mkdir()
    with create_temporary_folder(tmp_path) as folder:
        (folder / "rows").write_text("many")
    assert [path.name for path in tmp_path.iterdir()] == ["nntrain-abcdefgh.tmp"]


MANY = """
import sys
from pathlib import Path
from nntrain.files import write_atomically
for number in range(150):
    path = Path(sys.argv[1]) / f"{sys.argv[2]}-{number % 5}"
    with write_atomically(path) as new:
        new.write_text(str(number))
"""


def test_processes_at_once_do_not_remove_what_others_write(tmp_path: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-c", MANY, str(tmp_path), str(number)]) for number in range(4)]
    assert [process.wait(600) for process in started] == [0, 0, 0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{a}-{b}" for a in range(4) for b in range(5)]
    assert {path.read_text() for path in tmp_path.iterdir()} == {"145", "146", "147", "148", "149"}


def test_a_name_that_nobody_would_clear_away_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="got 'other-'"), create_temporary_folder(tmp_path, "other-"):
        pass
    assert not list(tmp_path.iterdir())
