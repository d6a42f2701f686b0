"""Fixtures of the tests of reports and comparisons."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.report import runs


@pytest.fixture(scope="package")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs ``two``, ``poor`` (trained less), ``twin`` (the same as ``two``) and ``numbers``."""
    folder = tmp_path_factory.mktemp("runs")
    runs.two_classes(folder)
    runs.numbers(folder)
    runs.train_again(folder, "poor", "train.epochs=1")
    shutil.copytree(folder / "two", folder / "twin")
    lines = (folder / "two.csv").read_text().splitlines()
    (folder / "positive.csv").write_text("\n".join(line.replace("-", "") for line in lines))
    return folder
