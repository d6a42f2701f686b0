"""Somebody who puts links in the place of folders of a run, while a command works there, changes nothing outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="folders are pinned by /proc")


@pytest.mark.parametrize("pattern", ["checkpoints", ".nntrain-*.tmp", ".repl*"])
def test_a_link_that_takes_the_place_of_a_folder_at_any_moment_leads_nowhere(pattern: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.training.swapping", str(tmp_path), pattern]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    rounds, *changed = done.stdout.split("\n")[:-1]
    assert int(rounds) > 50
    assert not changed
