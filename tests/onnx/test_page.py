"""docs/onnx.md: what it prints and its example are so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nntrain_onnx.export import IR_VERSION, OPSETS
from tests.onnx.asked import said
from tests.paths import ROOT

TEXT = (ROOT / "docs" / "onnx.md").read_text(encoding="utf-8")


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    said("fit", ROOT / "configs" / "iris.toml", "--set", "train.epochs=2", "--out", "runs/iris")
    capsys.readouterr()
    said("convert", "runs/iris", "iris.onnx")
    printed = re.findall(r"^ {4}(Wrote a network of 403.*|  (?:ONNX|input|output).*)$", TEXT, re.MULTILINE)
    assert len(printed) == 5
    assert set(printed) <= set(capsys.readouterr().out.splitlines())
    shutil.copy(ROOT / "datasets" / "iris.csv", "new.csv")
    example = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert example
    lines = subprocess.run([sys.executable, "-c", example[1]], capture_output=True, text=True, check=True).stdout
    assert len(lines.splitlines()) == 150
    assert {line.split()[0] for line in lines.splitlines()} <= {"setosa", "versicolor", "virginica"}


def test_it_states_the_versions() -> None:
    assert f"uses opset {OPSETS['']}, ai.onnx.ml {OPSETS['ai.onnx.ml']} for strings and categories, and " in TEXT
    assert f" version {IR_VERSION} of the format." in TEXT
