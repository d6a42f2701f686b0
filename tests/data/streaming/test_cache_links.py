"""Links in the folder of the cache are not followed, and what killed processes left there goes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from tests.paths import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and locks of POSIX")

IRIS = ROOT / "datasets" / "iris.csv"


def options(cache: Path) -> DataOptions:
    return DataOptions(path=str(IRIS), target="species", stream=True, cache=str(cache))


def test_a_link_in_the_cache_keeps_its_target(tmp_path: Path) -> None:
    cache, outside = tmp_path / "cache", tmp_path / "outside"
    load_data(options(cache), 1)
    names = [path.name for path in cache.iterdir()]
    assert len(names) == 2
    outside.mkdir()
    (outside / "kept").write_text("theirs")
    (cache / "making-abcdefgh.tmp").symlink_to(outside)
    for name in names:
        (cache / name).unlink()
        (cache / name).symlink_to(outside / "missing")
    load_data(options(cache), 1)
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert not any((cache / name).is_symlink() for name in names)


@pytest.mark.parametrize("target", ["/dev/zero", "a pipe"])
def test_a_device_or_a_pipe_in_the_cache_is_not_read(target: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    load_data(options(cache), 1)
    names = sorted(path.name for path in cache.iterdir())
    for name in names:
        (cache / name).unlink()
        if target == "a pipe":
            os.mkfifo(cache / name)
        else:
            (cache / name).symlink_to(target)
    load_data(options(cache), 1)
    assert sorted(path.name for path in cache.iterdir() if path.is_file() and not path.is_symlink()) == names


def test_a_cache_that_is_a_link_will_do(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "elsewhere")
    load_data(options(tmp_path / "cache"), 1)
    assert len(list((tmp_path / "elsewhere").iterdir())) == 2


MAKES = """
import sys, time
from nntrain.data import raw_splits
raw_splits.split_rows = lambda *arguments: time.sleep(600)
from tests.data.streaming.test_cache_links import Path, load_data, options
load_data(options(Path(sys.argv[1])), 1)
"""


def test_what_a_killed_process_left_in_the_cache_goes_although_nothing_new_is_encoded(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    process = subprocess.Popen([sys.executable, "-c", MAKES, str(cache)], cwd=ROOT)
    try:
        while process.poll() is None and not list(cache.glob("making-*/table*.db")):
            time.sleep(0.05)
        load_data(options(cache), 1)
        assert len(list(cache.glob("making-*"))) == 1, "its process lives"
    finally:
        process.kill()
        process.wait()
    load_data(options(cache), 1)
    assert sorted(path.suffix for path in cache.iterdir()) == [".h5", ".txt"]
