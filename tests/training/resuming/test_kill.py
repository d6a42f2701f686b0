"""Processes that are killed at random moments go on to the same bits: the short form of ``python -m tests.kill``."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

from tests.kill.__main__ import kill

if sys.platform == "win32":
    pytest.skip("Windows has no SIGKILL", allow_module_level=True)


# Between them they have all that a run remembers.
@pytest.mark.parametrize("name", ["everything", "streaming"])
def test_a_killed_run_ends_with_the_same_bits(name: str, tmp_path: Path) -> None:
    kills, _, different, moments = kill(name, tmp_path / "runs", 300, 3, Random(1), every=("7steps",))
    assert (kills, different) == (3, [])
    assert moments
    assert not [path for path in tmp_path.rglob("*") if path.suffix == ".tmp"], "the last process removes what was left"
