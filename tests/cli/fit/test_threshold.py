"""Thresholds, the way of a user: given, or chosen by the validation rows, and then used by everything."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, precision_score, recall_score

from nntrain.checkpoint.reading import read_checkpoint

Command = Callable[..., Any]


def write(path: Path, rows: int, seed: int) -> Path:
    """Rows of which some 15 % are fraud; a is in both labels hot and wet, and w counts rows."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(rows, 4))
    lines = ["a,b,y,hot,wet,w"]
    for k, (a, b, noise, other) in enumerate(x):
        y, hot = "fraud" if a + b + noise > 1.8 else "ok", "yes" if a + noise > 1 else "no"
        lines.append(f"{a:.4f},{b:.4f},{y},{hot},{int(a + other > 0.5)},{k % 3}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Rows to train on, and validation rows."""
    return write(tmp_path / "t.csv", 250, 0), write(tmp_path / "v.csv", 150, 1)


def fit(nntrain: Command, files: tuple[Path, Path], *words: str, target: str = "y", out: str = "run") -> Any:
    used = {"y": ["hot", "wet"], "labels": ["y"]}[target]
    named = ["--target", "y"] if target == "y" else ["--target", "hot", "--target", "wet"]
    weighed = any("data.sample_weight" in word for word in words)
    ignored = json.dumps(used if weighed else [*used, "w"])
    outcome = nntrain(
        *("fit", files[0], *named, "--set", f"data.ignore={ignored}", "--set", "train.epochs=6", "--out", out),
        *("--set", f"data.validation_path={files[1]}", *(part for word in words for part in ("--set", word))),
    )
    assert outcome.code == 0, outcome.err
    return outcome


def predicted(nntrain: Command, rows: Path, *options: str, run: str = "run") -> list[dict[str, str]]:
    outcome = nntrain("predict", run, rows, *options)
    assert outcome.code == 0, outcome.err
    return list(csv.DictReader(outcome.out.splitlines()))


def truth(rows: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(rows.read_text().splitlines()))


def stored(run: str = "run") -> Any:
    return read_checkpoint(Path(run) / "best.h5")["threshold"]


# What scikit-learn calls the metrics, of truth t, prediction y and weights w, with fraud as 1.
SCORES: dict[str, Callable[..., float]] = {
    "f1": lambda t, y, w: f1_score(t, y, sample_weight=w, zero_division=0),
    '{type = "f1", average = "macro"}': lambda t, y, w: f1_score(
        t, y, average="macro", sample_weight=w, zero_division=0
    ),
    "accuracy": lambda t, y, w: accuracy_score(t, y, sample_weight=w),
    "balanced_accuracy": lambda t, y, w: balanced_accuracy_score(t, y, sample_weight=w),
    "precision": lambda t, y, w: precision_score(t, y, sample_weight=w, zero_division=0),
    "recall": lambda t, y, w: recall_score(t, y, sample_weight=w, zero_division=0),
}


@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize("metric", SCORES)
def test_no_threshold_is_better_on_the_validation_rows(
    nntrain: Command, files: tuple[Path, Path], metric: str, weighed: bool
) -> None:
    words = ['data.positive="fraud"', f"train.threshold={metric}", *(["data.sample_weight=w"] if weighed else [])]
    outcome = fit(nntrain, files, *words)
    rows = truth(files[1])
    t = np.array([row["y"] == "fraud" for row in rows])
    w = np.array([float(row["w"]) for row in rows]) if weighed else np.ones(len(rows))
    said = predicted(nntrain, files[1])
    p = np.array([float(row["p(fraud)"]) for row in said])
    values = np.unique(p)
    everywhere = [0.0, *(values[:-1] + values[1:]) / 2, 1.0]
    best = max(SCORES[metric](t, p > limit, w) for limit in everywhere)
    assert SCORES[metric](t, p > stored(), w) == pytest.approx(best)
    assert [row["y"] == "fraud" for row in said] == (p > stored()).tolist()
    assert f"positive class: 'fraud', predicted if its probability is above {stored():.6g}" in outcome.out
    key = {'{type = "f1", average = "macro"}': "f1_macro"}.get(metric, metric)
    assert f"Threshold, by validation {key}: " in outcome.out
    scored = json.loads(nntrain("evaluate", "run", files[1], "--metric", metric, "--json").out)
    assert scored[key] == pytest.approx(best)
    assert (scored["positive"], scored["threshold"]) == ("fraud", stored())


@pytest.mark.parametrize("metric", ["f1", "accuracy"])
def test_labels_have_a_threshold_each(nntrain: Command, files: tuple[Path, Path], metric: str) -> None:
    fit(nntrain, files, f"train.threshold={metric}", target="labels")
    rows, said = truth(files[1]), predicted(nntrain, files[1])
    for index, (name, yes) in enumerate((("hot", "yes"), ("wet", "1"))):
        t = np.array([row[name] == yes for row in rows])
        p = np.array([float(row[f"p({name})"]) for row in said])
        values = np.unique(p)
        best = max(SCORES[metric](t, p > limit, None) for limit in [0.0, *(values[:-1] + values[1:]) / 2, 1.0])
        assert SCORES[metric](t, p > stored()[index], None) == pytest.approx(best)
        assert [row[name] == yes for row in said] == (p > stored()[index]).tolist()
    scored = json.loads(nntrain("evaluate", "run", files[1], "--json").out)
    assert scored["threshold"] == dict(zip(("hot", "wet"), stored(), strict=True))


def test_a_given_threshold_is_used_by_evaluate_and_predict(nntrain: Command, files: tuple[Path, Path]) -> None:
    fit(nntrain, files, 'data.positive="fraud"')
    assert stored() is None
    t = [row["y"] == "fraud" for row in truth(files[1])]
    p = np.array([float(row["p(fraud)"]) for row in predicted(nntrain, files[1])])
    for limit in ("0.1", "0.3", "0.8"):
        said = predicted(nntrain, files[1], "--threshold", limit)
        assert [row["y"] == "fraud" for row in said] == (p > float(limit)).tolist()
        scored = json.loads(nntrain("evaluate", "run", files[1], "--threshold", limit, "--metric", "f1", "--json").out)
        assert scored["f1"] == pytest.approx(f1_score(t, p > float(limit)))
        assert scored["threshold"] == float(limit)
    told = nntrain("evaluate", "run", "--threshold", "0.3").out
    assert "positive class: 'fraud', predicted if its probability is above 0.3" in told


def test_a_half_predicts_as_no_threshold_does(nntrain: Command, files: tuple[Path, Path]) -> None:
    for target in ("y", "labels"):
        fit(nntrain, files, target=target, out=f"none-{target}")
        fit(nntrain, files, "train.threshold=0.5", target=target, out=f"half-{target}")
        none, half = (nntrain("predict", f"{run}-{target}", files[1]).out for run in ("none", "half"))
        assert none == half == nntrain("predict", f"none-{target}", files[1], "--threshold", "0.5").out
        arrays = [
            read_checkpoint(Path(f"{run}-{target}") / "best.h5")["network"]["state"]["blocks"]
            for run in ("none", "half")
        ]
        assert all(np.array_equal(arrays[0][name], arrays[1][name]) for name in arrays[0])


@pytest.mark.parametrize("threshold", ["0.2", "f1"])
def test_a_resumed_run_has_the_same_threshold_and_scores(
    nntrain: Command, files: tuple[Path, Path], threshold: str
) -> None:
    # The rates of a schedule would depend on the number of epochs.
    words = (f"train.threshold={threshold}", "model.hidden=[8]")
    fit(nntrain, files, *words, out="whole")
    fit(nntrain, files, *words, "train.epochs=3", out="half")
    assert nntrain("resume", "half", "--set", "train.epochs=6").code == 0
    assert stored("half") == stored("whole") is not None
    for name in ("metrics.jsonl", "scores.json"):
        assert (Path("half") / name).read_bytes() == (Path("whole") / name).read_bytes()
    assert nntrain("predict", "half", files[1]).out == nntrain("predict", "whole", files[1]).out
    assert f"above {stored('whole')}" in nntrain("show", "whole").out


def test_rows_from_the_disk_choose_the_same_threshold(nntrain: Command, files: tuple[Path, Path]) -> None:
    fit(nntrain, files, "train.threshold=f1", out="memory")
    fit(nntrain, files, "train.threshold=f1", "data.stream=true", 'data.cache="cache"', "train.epochs=6", out="disk")
    # Streamed rows are trained in another order, so the threshold is that of another network.
    p = np.array([float(row["p(ok)"]) for row in predicted(nntrain, files[1], run="disk")])
    t = np.array([row["y"] == "ok" for row in truth(files[1])])
    values = np.unique(p)
    best = max(
        f1_score(t, p > limit, average="macro", zero_division=0)
        for limit in [0.0, *(values[:-1] + values[1:]) / 2, 1.0]
    )
    assert f1_score(t, p > stored("disk"), average="macro") == pytest.approx(best)


WRONG = [
    (
        ["train.threshold=1.5"],
        2,
        "train.threshold: expected a number between 0 and 1, the name of a metric, or a TOML table",
    ),
    (["train.threshold=0"], 2, "train.threshold: expected a number between 0 and 1"),
    (["train.threshold=true"], 2, "train.threshold: expected a number between 0 and 1"),
    (["train.threshold=f2"], 2, "train.threshold: unknown metric 'f2'; expected one of: accuracy"),
    (["train.threshold=roc_auc"], 2, "train.threshold: expected a number, or a metric that depends on it ("),
    (["train.threshold=per_class"], 2, "got 'per_class'"),
    (["train.threshold=f1", "data.validation=0"], 2, "train.threshold: expected a validation set to tune it on"),
    (["train.threshold=f1", "data.target=a"], 2, "expected a target with two classes or with labels, got a regression"),
    (["train.threshold=0.3", "data.target=w"], 2, "expected a target with two classes or with labels, got 3 classes"),
]


@pytest.mark.parametrize(("words", "code", "told"), WRONG, ids=[told for *_, told in WRONG])
def test_errors_are_reported(
    nntrain: Command, files: tuple[Path, Path], words: list[str], code: int, told: str
) -> None:
    target = [] if any("data.target" in word for word in words) else ["--target", "y"]
    outcome = nntrain("fit", files[0], *target, *(part for word in words for part in ("--set", word)))
    assert (outcome.code, told in outcome.err) == (code, True), outcome.err
    assert not Path("runs").exists()


def test_a_network_without_thresholds_refuses_one(nntrain: Command, files: tuple[Path, Path]) -> None:
    assert nntrain("fit", files[0], "--target", "a", "--set", "train.epochs=1", "--out", "run").code == 0
    for command in ("evaluate", "predict"):
        outcome = nntrain(command, "run", files[1], "--threshold", "0.3")
        assert outcome.code == 2
        assert "--threshold 0.3: expected a target with two classes or with labels, got a regression" in outcome.err
