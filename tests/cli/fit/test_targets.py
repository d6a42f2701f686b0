"""Several targets, labels, weights and splits, the way of a user: fit, stop, resume, evaluate, predict."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint

Command = Callable[..., Any]

X = np.random.default_rng(0).normal(size=(300, 3))
GENRES = ("drama", "love", "war")


def body() -> str:
    lines = ["a,b,c,price,size,hot,wet,genres,w,who,day"]
    for k, (a, b, c) in enumerate(X):
        genres = "|".join(name for name, there in zip(GENRES, (a + b > 0, b > c, a > 0), strict=True) if there) or "|"
        flags = f"{'yes' if a + b > 0 else 'no'},{int(b > c)}"
        lines.append(
            f"{a:.4f},{b:.4f},{c:.4f},{a + b:.4f},{1000 * c:.2f},{flags},{genres},{k % 3},w{k % 60},{2000 + k // 9}"
        )
    return "\n".join(lines) + "\n"


INPUTS = {"a", "b", "c"}
NAMES = ("price", "size", "hot", "wet", "genres", "w", "who", "day")

# What is said on the command line, and the columns of its predictions.
WAYS: dict[str, tuple[list[str], list[str]]] = {
    "numbers": (["--target", "price", "--target", "size"], ["price", "size"]),
    "flags": (["--target", "hot", "--target", "wet"], ["hot", "wet", "p(hot)", "p(wet)"]),
    "lists": (
        ["--target", "genres", "--set", 'data.label_separator="|"'],
        ["genres", *(f"p({name})" for name in GENRES)],
    ),
    "weighed": (
        ["--target", "hot", "--set", "data.sample_weight=w", "--set", "criterion.class_weights=balanced"],
        ["hot", "p(no)", "p(yes)"],
    ),
    "by time": (
        ["--target", "hot", "--set", "data.split=time", "--set", "data.split_column=day"],
        ["hot", "p(no)", "p(yes)"],
    ),
    "by key": (["--target", "price", "--set", "data.split_column=who"], ["price"]),
}


def said(way: str) -> list[str]:
    arguments = WAYS[way][0]
    used = {word.rpartition("=")[2] for word in arguments}
    ignored = [name for name in NAMES if name not in used]
    return ["fit", "t.csv", *arguments, "--set", f"data.ignore={json.dumps(ignored)}"]


def blocks(path: Path) -> dict[str, bytes]:
    """The arrays of the network of a checkpoint, as bytes."""
    return {name: array.tobytes() for name, array in read_checkpoint(path)["network"]["state"]["blocks"].items()}


@pytest.mark.parametrize("way", WAYS)
def test_a_run_is_learnt_resumed_evaluated_and_used(nntrain: Command, tmp_path: Path, way: str) -> None:
    (tmp_path / "t.csv").write_text(body())
    # The rates of a schedule would depend on the number of epochs.
    plain = (*said(way), "--set", "model.hidden=[8]")
    outcome = nntrain(*plain, "--set", "train.epochs=6", "--out", "whole")
    assert outcome.code == 0, outcome.err
    assert nntrain(*plain, "--set", "train.epochs=3", "--out", "half").code == 0
    assert nntrain("resume", "half", "--set", "train.epochs=6").code == 0
    assert blocks(tmp_path / "half" / "best.h5") == blocks(tmp_path / "whole" / "best.h5")
    assert nntrain("fit", "whole/config.toml", "--out", "again").code == 0
    assert blocks(tmp_path / "again" / "best.h5") == blocks(tmp_path / "whole" / "best.h5")
    assert (tmp_path / "again" / "config.toml").read_bytes() == (tmp_path / "whole" / "config.toml").read_bytes()

    scored = json.loads(nntrain("evaluate", "whole", "--json").out)
    final = json.loads((tmp_path / "whole" / "scores.json").read_text())["test"]
    assert {name: scored[name] for name in final} == final

    rows = list(csv.DictReader(nntrain("predict", "whole", "t.csv").out.splitlines()))
    assert len(rows) == 300
    assert list(rows[0]) == WAYS[way][1]
    assert all(0 <= float(value) <= 1 for row in rows for name, value in row.items() if name.startswith("p("))


def test_predictions_are_in_the_words_of_the_file(nntrain: Command, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(body())
    truth = list(csv.DictReader(body().splitlines()))
    for way, columns in (("flags", ["hot", "wet"]), ("lists", ["genres"])):
        assert nntrain(*said(way), "--set", "train.epochs=40", "--out", way).code == 0
        rows = list(csv.DictReader(nntrain("predict", way, "t.csv").out.splitlines()))
        for name in columns:
            right = [row[name] == true[name].strip("|") for row, true in zip(rows, truth, strict=True)]
            assert np.mean(right) > 0.85, (way, name)


def test_labels_under_bce_are_probabilities(nntrain: Command, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(body())
    modules = 'model.modules=[{type="Linear", output_size=8}, {type="Tanh"}, {type="Linear"}, {type="Sigmoid"}]'
    outcome = nntrain(*said("flags"), "--set", modules, "--set", "train.epochs=3", "--out", "run")
    assert outcome.code == 0, outcome.err
    assert "criterion BCECriterion; predicts labels ('hot', 'wet')" in nntrain("show", "run").out
    rows = list(csv.DictReader(nntrain("predict", "run", "t.csv").out.splitlines()))
    for row in rows:
        assert (row["hot"] == "yes") == (float(row["p(hot)"]) > 0.5)


def test_check_and_init_know_all_roles(nntrain: Command, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(body())
    sets = ["--set", "data.sample_weight=w", "--set", "data.split=time", "--set", "data.split_column=day"]
    arguments = ["t.csv", "--target", "hot", "--target", "wet", *sets, "--set", 'data.ignore=["genres", "price"]']
    told = json.loads(nntrain("check", *arguments, "--json").out)
    roles = {column["name"]: column["role"] for column in told["data"]["columns"]}
    assert roles["hot"] == roles["wet"] == "target"
    assert (roles["w"], roles["day"], roles["a"]) == ("weight", "split", "input")
    assert set(told["data"]["balance"]) == {"hot", "wet"}
    assert "label" in nntrain("check", *arguments).out
    written = nntrain("init", *arguments)
    assert written.code == 0, written.err
    (tmp_path / "c.toml").write_text(written.out)
    assert nntrain("fit", "c.toml", "--set", "train.epochs=1", "--out", "r").code == 0


def test_labels_of_an_hdf5_file(nntrain: Command, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "t.h5", "w") as file:
        file["x"], file["y"] = X, np.stack([X[:, 0] > 0, X[:, 1] > 0, X.sum(axis=1) > 0], axis=1).astype(np.uint8)
        file["w"] = np.arange(300) % 4
        file["who"] = np.array([f"w{k % 60}" for k in range(300)], dtype=object)
    sets = ["data.task=multilabel", "data.sample_weight=w", "data.split_column=who", "train.epochs=20"]
    outcome = nntrain("fit", "t.h5", *(word for text in sets for word in ("--set", text)))
    assert outcome.code == 0, outcome.err
    scored = json.loads(nntrain("evaluate", "runs/t", "--json").out)
    assert scored["accuracy"] > 0.9
    assert scored == json.loads(nntrain("evaluate", "runs/t", "--json").out)
    lines = nntrain("predict", "runs/t", "t.h5").out.splitlines()
    assert lines[0].startswith("targets[0],targets[1],targets[2],p(targets[0])")


WRONG = [
    (["--target", "price", "--target", "hot"], 3, "the targets conflict"),
    (["--target", "hot", "--target", "hot"], 3, "the target 'hot' is named 2 times; expected once"),
    (["--target", "hot", "--set", 'data.sample_weight="genres"'], 3, "column 'genres': expected a number"),
    (["--target", "hot", "--folds", "3", "--set", "data.split_column=who"], 2, "data.folds: conflicts with"),
    (["--target", "hot", "--set", "data.split=hash"], 2, "split_column: missing: split = 'hash' requires the column"),
    (["--target", "hot", "--set", "data.split=random", "--set", "data.split_column=who"], 2, "got 'random'"),
    (["--target", "hot", "--set", 'data.split_values={train=["a"]}'], 2, "requires split = 'column'"),
    (
        ["--target", "hot", "--set", "data.split=column", "--set", 'data.split_values={tset=["a"]}'],
        2,
        "expected train, validation or test, got 'tset'; did you mean 'test'?",
    ),
    (
        ["--target", "hot", "--set", "data.split=column", "--set", "data.split_column=day"],
        3,
        "split_column 'day': expected one of 'train', 'validation', 'test', got '2000'",
    ),
]


@pytest.mark.parametrize(("arguments", "code", "told"), WRONG, ids=[told for *_, told in WRONG])
def test_errors_are_reported(nntrain: Command, tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    (tmp_path / "t.csv").write_text(body())
    outcome = nntrain("fit", "t.csv", *arguments)
    assert (outcome.code, told in outcome.err) == (code, True), outcome.err
    assert not (tmp_path / "runs").exists()
