"""What the defaults reach on real tables and images, which lie beside the repository."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from tests.paths import ROOT

SHARED = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder shared/data is not beside the repository")

FAST = ("--quality", "fast")


def fitted(arguments: Sequence[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run_command(["fit", *map(str, arguments), "--out", "run"]) == 0
    return tmp_path / "run"


def scores(run: Path) -> dict[str, dict[str, float]]:
    told: dict[str, dict[str, float]] = json.loads((run / "scores.json").read_text())
    return told


def test_adult(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run = fitted([SHARED / "adult-train.csv", "--target", "income", *FAST], tmp_path, monkeypatch)
    assert "leaks the target" not in capsys.readouterr().out
    assert run_command(["evaluate", str(run), str(SHARED / "adult-test.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] >= 0.850


@pytest.mark.parametrize(
    ("name", "target", "metric", "wanted"),
    [
        ("housing", "median_house_value", "r2", 0.76),
        ("penguins", "species", "accuracy", 0.95),
        ("diamonds", "price", "r2", 0.975),
    ],
)
def test_a_table(
    name: str, target: str, metric: str, wanted: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fitted([SHARED / f"{name}.csv", "--target", target, *FAST], tmp_path, monkeypatch)
    assert scores(run)["test"][metric] >= wanted


def test_titanic_says_which_columns_give_the_answer_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fitted([SHARED / "titanic.csv", "--target", "survived", *FAST], tmp_path, monkeypatch)
    told = capsys.readouterr().err
    assert "Warning: column 'alive' leaks the target" in told
    assert told.count("leaks the target") == 1


def test_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = fitted([SHARED / "mnist-10k.h5", "--set", "train.epochs=2"], tmp_path, monkeypatch)
    assert scores(run)["test"]["accuracy"] >= 0.95


@pytest.mark.parametrize("name", ["adult", "diamonds", "housing", "mnist-mlp", "penguins", "titanic"])
def test_a_config_runs_as_it_is(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = ROOT / "configs" / f"{name}.toml"
    run = fitted([config, "--set", "train.epochs=1"], tmp_path, monkeypatch)
    assert (run / "best.h5").is_file()
