"""Files of the cache while they are made: other processes, killed ones, full disks, folders that cannot be used."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nntrain.data.streaming import dataset_cache, dataset_writer
from tests.data.conftest import refusal
from tests.data.streaming.conftest import bits, is_found, loaded, options

LOADS = """
import sys
from nntrain.data.options.data_options import DataOptions
from nntrain.data.loading import load_data
prepared = load_data(DataOptions(sys.argv[1], stream=True, cache=sys.argv[2]), 1)
print(sum(float(array[:].sum()) for part in prepared.datasets.values() for array in part.full_batch.arrays))
"""


def test_two_processes_may_build_the_same_file(csv: Path) -> None:
    command = [sys.executable, "-c", LOADS, str(csv), str(csv.parent / "cache")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert told[0] == told[1] != ""
    names = sorted(path.suffix for path in (csv.parent / "cache").iterdir())
    assert names == [".h5", ".txt"]


DIES = """
import os, signal, sys
from nntrain.data.streaming import streamed_loading
write = streamed_loading.write_cache_file
def dies(*arguments):
    write(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
streamed_loading.write_cache_file = dies
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_process_that_is_killed_while_it_builds_leaves_nothing_for_long(csv: Path) -> None:
    given = options(csv, sample_weight=None, ignore=(), one_hot_limit=32)
    killed = subprocess.run(
        [sys.executable, "-c", DIES + LOADS, str(csv), str(given.cache)], capture_output=True, timeout=300, check=False
    )
    assert killed.returncode == -9
    assert not list(Path(str(given.cache)).glob("*.h5"))
    assert list(Path(str(given.cache)).iterdir())
    assert not is_found(given)
    assert sorted(path.suffix for path in Path(str(given.cache)).iterdir()) == [".h5", ".txt"]


@pytest.mark.skipif(os.name != "posix", reason="needs modes of files")
def test_the_cache_is_private(csv: Path) -> None:
    given = options(csv)
    loaded(given)
    folder = Path(str(given.cache))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="needs fsync of folders")
def test_a_file_is_on_the_disk_before_it_has_its_name(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_file = sys.modules["nntrain.files.atomic_write"]
    done: list[str] = []
    flush_, replace_ = whole_file.flush_to_disk, os.replace
    monkeypatch.setattr(
        whole_file, "flush_to_disk", lambda path: (done.append("flush " + path.suffix), flush_(path))[1]
    )
    monkeypatch.setattr(os, "replace", lambda a, b: (done.append("rename"), replace_(a, b))[1])
    loaded(options(csv))
    assert done[:3] == ["flush .h5", "rename", "flush "]


def test_a_full_disk_ends_in_one_line_and_leaves_nothing(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = options(csv)

    def full(file: object, *_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dataset_writer, "write_contents", full)
    text = refusal(loaded, given)
    why = (
        "cannot save the encoded rows: No space left on device; choose another folder with data.cache or NNTRAIN_CACHE"
    )
    assert text == f"{given.cache}: {why}"
    assert not list(Path(str(given.cache)).iterdir())


def test_a_folder_that_is_no_folder_is_done_without(csv: Path) -> None:
    given = options(csv)
    expected = bits(loaded(given)[0])
    for folder in (csv, csv / "below", Path("/proc/none")):
        prepared, told = loaded(replace(given, cache=str(folder)))
        assert bits(prepared) == expected
        assert any(f"the cache {folder} is not writable" in note for note in told)


def test_a_file_in_a_folder_that_cannot_be_written_to_is_used(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = options(csv)
    loaded(given)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    monkeypatch.setattr(dataset_cache, "create_temporary_folder", refused)
    assert is_found(given)
