"""Folders that a killed process left in the cache go; those of a living one stay."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nntrain.data.streaming.scratch import OLD, scratch

HOLDS = """
import sys
from pathlib import Path
from nntrain.data.streaming.scratch import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "rows").write_text("many")
    print(folder.name, flush=True)
    input()
"""


def test_a_folder_is_there_for_a_while(tmp_path: Path) -> None:
    with scratch(tmp_path / "cache") as folder:
        (folder / "rows").write_text("many")
        assert folder.parent == tmp_path / "cache"
    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot lock a folder")
def test_what_a_killed_process_left_goes(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    left = tmp_path / holder.stdout.readline().strip()

    def swept() -> bool:
        with scratch(tmp_path):
            return not left.exists()

    before = left.stat().st_mtime - 2 * OLD
    os.utime(left, (before, before))
    assert not swept(), "its process lives"
    holder.kill()
    holder.communicate()
    os.utime(left)
    assert not swept(), "it may just have been made"
    os.utime(left, (before, before))
    assert swept()
