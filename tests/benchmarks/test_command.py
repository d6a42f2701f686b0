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


# The compared systems are imported in separate processes; only common modules are imported here.
@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_a_comparison_with_distinct_cases(name):
    comparison = import_module(f"benchmarks.{name}").COMPARISON
    cases = [(case.name, case.threads) for case in comparison.cases(QUICK)]
    assert cases
    assert len(set(cases)) == len(cases)
    assert comparison.title
    assert comparison.about.endswith(".")


def test_an_unknown_name_is_an_error_with_the_known_ones():
    done = run("stepps")
    assert done.returncode == 2
    assert "unknown comparison stepps; expected one of: steps, loop" in done.stderr


def test_a_skipped_case_is_reported_and_is_not_a_failure(tmp_path):
    done = run("processes", "--only", "adult", "--out", str(tmp_path), "--data", str(tmp_path), "--quick")
    assert done.returncode == 0
    line = "adult, 10 epochs: skipped: adult-train.csv is not in the folder of --data"
    assert line in (tmp_path / "results.md").read_text()


def test_a_process_is_measured_by_time_memory_and_output():
    done = finished([sys.executable, "-c", "print('said')"])
    assert done.output == "said\n"
    assert done.seconds > 0
    assert done.peak > 1e6


def test_a_failing_process_is_an_error():
    with pytest.raises(subprocess.CalledProcessError):
        finished([sys.executable, "-c", "raise SystemExit(3)"])
