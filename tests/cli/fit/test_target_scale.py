"""Skewed targets and their range, the way of a user: fit, resume, evaluate, predict, ONNX."""

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint as write_checkpoint
from tests.onnx.asked import agree
from tests.onnx.running import session

Command = Callable[..., Any]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Rows whose target spans orders of magnitude, and rows far outside of them."""
    draw = np.random.default_rng(0)
    x = draw.normal(size=(400, 2))
    y = np.exp(1 + 1.6 * x[:, 0] + x[:, 1] + 0.2 * draw.normal(size=400))
    lines = ["a,b,y", *(f"{a:.4f},{b:.4f},{value:.6g}" for (a, b), value in zip(x, y, strict=True))]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    far = [f"{a},{b},1" for a in (-50, -3, 0, 3, 50) for b in (-50, 0, 50)]
    (tmp_path / "far.csv").write_text("\n".join(["a,b,y", *far]) + "\n")
    return tmp_path / "t.csv", tmp_path / "far.csv"


def fit(nntrain: Command, rows: Path, *words: str, out: str = "run") -> Any:
    sets = [part for word in ("train.epochs=12", *words) for part in ("--set", word)]
    outcome = nntrain("fit", rows, *sets, "--out", out)
    assert outcome.code == 0, outcome.err
    return outcome


def numbers(nntrain: Command, rows: Path, run: str = "run") -> np.ndarray:
    return np.array([float(row["y"]) for row in csv.DictReader(nntrain("predict", run, rows).out.splitlines())])


@pytest.mark.parametrize("transform", ["auto", "log", "none"])
def test_scores_are_in_the_units_of_the_file(nntrain: Command, files: tuple[Path, Path], transform: str) -> None:
    outcome = fit(nntrain, files[0], f"data.target_transform={transform}")
    decided = "none" if transform == "none" else "log"
    assert tomllib.loads(Path("run/config.toml").read_text())["data"]["target_transform"] == decided
    told = {
        "auto": "Note: the target 'y' is learned on a log scale: it is positive and skewed (skewness ",
        "log": "Note: the target 'y' is learned on a log scale, set by data.target_transform",
        "none": "Note: predictions are kept within: 'y' ",
    }
    assert told[transform] in outcome.out
    t = np.array([float(row["y"]) for row in csv.DictReader(files[0].read_text().splitlines())])
    y = numbers(nntrain, files[0])
    scored = json.loads(nntrain("evaluate", "run", files[0], "--json").out)
    expected = {
        "rmse": np.sqrt(np.mean((y - t) ** 2)),
        "mae": np.abs(y - t).mean(),
        "r2": 1 - np.sum((y - t) ** 2) / np.sum((t - t.mean()) ** 2),
    }
    assert {name: scored[name] for name in expected} == pytest.approx(expected, rel=1e-5)
    # The loss is the mean squared error of standardized numbers, or logarithms.
    scale = np.log if decided == "log" else np.array
    target = read_checkpoint(Path("run/best.h5"))["data"]["target"]
    if decided == "log":
        # No prediction is cut here, so that the loss follows from them.
        inside = (y > target["low"]) & (y < target["high"])
        assert inside.all()
        assert scored["loss"] == pytest.approx(np.mean(((scale(y) - scale(t)) / target["std"]) ** 2), rel=1e-3)


@pytest.mark.parametrize("words", [["data.target_transform=log"], ["data.target_transform=none"],
                                   ["data.target_range=[0, 1000]"]])  # fmt: skip
def test_predictions_stay_in_the_range_here_and_as_onnx(
    nntrain: Command, files: tuple[Path, Path], words: list[str]
) -> None:
    head, *lines = files[0].read_text().splitlines()
    files[0].write_text("\n".join([head, *(line for line in lines if float(line.split(",")[-1]) < 1000)]) + "\n")
    fit(nntrain, files[0], *words)
    y = numbers(nntrain, files[1])
    target = read_checkpoint(Path("run/best.h5"))["data"]["target"]
    assert y.min() >= target["low"][0] >= 0
    assert y.max() <= target["high"][0]
    assert {y.min(), y.max()} & {target["low"][0], target["high"][0]}
    assert nntrain("convert", "run", "run.onnx").code == 0
    for rows in files:
        agree(session("run.onnx"), rows)


def test_a_mixture_of_scales_is_the_same_as_onnx(nntrain: Command, files: tuple[Path, Path]) -> None:
    lines = files[0].read_text().splitlines()
    body = [f"{line},{float(line.split(',')[0]) * 3:.4f}" for line in lines[1:]]
    files[0].write_text("\n".join(["a,b,y,z", *body]) + "\n")
    both = [part for name in "yz" for part in ("--target", name)]
    settings = ["--set", "train.epochs=5", "--set", "data.target_range=none"]
    assert nntrain("fit", files[0], *both, *settings, "--out", "run").code == 0
    assert tomllib.loads(Path("run/config.toml").read_text())["data"]["target_transform"] == {"y": "log", "z": "none"}
    assert nntrain("convert", "run", "run.onnx").code == 0
    agree(session("run.onnx"), files[0])


def test_a_resumed_run_has_the_same_bits(nntrain: Command, files: tuple[Path, Path]) -> None:
    # The rates of a schedule would depend on the number of epochs.
    fit(nntrain, files[0], "model.hidden=[8]", out="whole")
    fit(nntrain, files[0], "model.hidden=[8]", "train.epochs=5", out="half")
    assert nntrain("resume", "half", "--set", "train.epochs=12").code == 0
    assert (Path("half") / "metrics.jsonl").read_bytes() == (Path("whole") / "metrics.jsonl").read_bytes()
    assert nntrain("predict", "half", files[1]).out == nntrain("predict", "whole", files[1]).out
    assert nntrain("fit", "whole/config.toml", "--out", "again").code == 0
    assert Path("again/config.toml").read_bytes() == Path("whole/config.toml").read_bytes()
    assert nntrain("predict", "again", files[1]).out == nntrain("predict", "whole", files[1]).out


def test_a_checkpoint_of_before_there_was_a_range_predicts_as_it_did(
    nntrain: Command, files: tuple[Path, Path]
) -> None:
    fit(nntrain, files[0], "model.hidden=[128, 64]", "data.target_transform=none", "data.target_range=none")
    before = nntrain("predict", "run", files[1]).out
    tree = read_checkpoint(Path("run/best.h5"))
    for name in ("log_start", "low", "high"):
        del tree["data"]["target"][name]
    write_checkpoint(Path("old.h5"), tree)
    assert nntrain("predict", "old.h5", files[1]).out == before
    assert numbers(nntrain, files[1], "old.h5").min() < 0
    assert nntrain("convert", "old.h5", "old.onnx").code == 0


WRONG = [
    ("data.target_range=[1, 1]", 2, "data.target_range: expected one of 'auto', 'training', 'sign', 'none', or [low,"),
    ("data.target_range=signs", 2, "data.target_range: expected one of"),
    ("data.target_transform=logs", 2, "data.target_transform"),
    ("data.target_range=[0, 0.5]", 3, "target 'y': data.target_range: expected training rows from 0 to 0.5, got"),
    ('data.target_transform={z = "log"}', 3, "data.target_transform: expected columns of the target, 'y', got 'z'"),
]


@pytest.mark.parametrize(("word", "code", "told"), WRONG)
def test_errors_are_reported(nntrain: Command, files: tuple[Path, Path], word: str, code: int, told: str) -> None:
    outcome = nntrain("fit", files[0], "--set", word)
    assert (outcome.code, told in outcome.err) == (code, True), outcome.err
