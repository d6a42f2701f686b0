"""``python -m benchmarks``."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES
from benchmarks.comparison import Settings
from benchmarks.process import finished

QUICK = Settings(True, Path("nowhere"), Path("nowhere"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "benchmarks", *arguments], capture_output=True, text=True)


# What is compared is imported in a process of its own, but for what all comparisons need.
@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_a_comparison_with_cases_of_names_of_their_own(name):
    comparison = import_module(f"benchmarks.{name}").COMPARISON
    cases = [(case.name, case.threads) for case in comparison.cases(QUICK)]
    assert cases
    assert len(set(cases)) == len(cases)
    assert comparison.title
    assert comparison.about.endswith(".")


def test_an_unknown_name_is_told_with_those_there_are():
    done = run("stepps")
    assert done.returncode == 2
    assert "no comparison stepps; there are steps, loop" in done.stderr


def test_what_cannot_be_tried_is_told_and_no_failure(tmp_path):
    done = run("processes", "--only", "adult", "--out", str(tmp_path), "--data", str(tmp_path), "--quick")
    assert done.returncode == 0
    told = "adult, 10 epochs: skipped: there is no adult-train.csv in the folder of --data"
    assert told in (tmp_path / "results.md").read_text()


def test_a_process_is_told_by_its_time_its_memory_and_what_it_said():
    done = finished([sys.executable, "-c", "print('said')"])
    assert done.told == "said\n"
    assert done.seconds > 0
    assert done.peak > 1e6


def test_a_process_that_fails_is_no_figure():
    with pytest.raises(subprocess.CalledProcessError):
        finished([sys.executable, "-c", "raise SystemExit(3)"])
