"""plugins/examples/nntrain-example, from pip install to the error that names what to install."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.plugins.environment import Environment
from tests.plugins.page import ROOT


@pytest.fixture
def fresh(tmp_path: Path) -> Environment:
    """A fresh virtual environment, in a folder with the example and the data of its config."""
    folder = tmp_path / "empty"
    shutil.copytree(
        ROOT / "plugins" / "examples" / "nntrain-example", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "datasets" / "iris.csv", folder)
    return Environment(tmp_path / "fresh", folder)


def test_it_is_installed_trained_resumed_and_uninstalled(fresh: Environment) -> None:
    fresh.run("pip install .")
    assert "nntrain-example" in fresh.run("nntrain plugins list")
    text = fresh.run("nntrain plugins check nntrain-example")
    assert "module GatedResidual: passes" in text
    assert "breaks" not in text
    assert " passed" in fresh.run("python -m pytest -p no:cacheprovider tests")
    text = fresh.run("nntrain fit example.toml --log csvlogger --set train.max_steps=100")
    assert "Run folder: runs/example" in text
    assert "GatedResidual" in text
    text = fresh.run("nntrain resume runs/example --set train.max_steps=100000")
    assert "reached 30 epochs" in text
    logged = list(csv.DictReader((fresh.at / "runs" / "example" / "logs" / "scores.csv").read_text().splitlines()))
    assert [int(row["epoch"]) for row in logged] == list(range(1, 31))
    assert float(logged[-1]["validation matthews"]) > 0.8
    known = [json.loads(line) for line in (fresh.at / "runs" / "example" / "metrics.jsonl").read_text().splitlines()]
    assert [float(row["train loss"]) for row in logged] == [line["train"]["loss"] for line in known]
    before = fresh.run("nntrain predict runs/example iris.csv")
    fresh.run("pip uninstall --yes nntrain-example")
    told = fresh.run("nntrain predict runs/example iris.csv", 4)
    assert 'pip install "nntrain-example==1.0.0"' in told
    assert len(told.splitlines()) == 1
    told = fresh.run("nntrain show runs/example")
    assert "  GatedResidual()\n    Linear(input_size=12, output_size=12)\n    TanhGELU()\n" in told
    assert "Not loaded: runs/example/best.h5: layer" in told
    assert "matthews" in told
    fresh.run("pip install .")
    assert fresh.run("nntrain predict runs/example iris.csv") == before
