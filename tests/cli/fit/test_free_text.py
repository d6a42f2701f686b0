"""A column of free text is a useful input of ``nntrain fit``."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from tests import text_sets

Command = Callable[..., Any]

SPLIT = ("--set", "data.split='column'", "--set", "data.split_column='set'")


def accuracy(run: str) -> float:
    found: float = json.loads(Path(run, "scores.json").read_text())["test"]["accuracy"]
    return found


def test_one_word_that_determines_the_class_is_learned(nntrain: Command, tmp_path: Path) -> None:
    rows = text_sets.tickets(600, seed=3)
    (tmp_path / "data.csv").write_text("\n".join(["message,y", *(",".join(row) for row in rows)]) + "\n")
    outcome = nntrain("fit", "data.csv", "--target", "y")
    assert outcome.code == 0
    assert "Note: column 'message' is free text: " in outcome.out + outcome.err
    assert accuracy("runs/data") >= 0.95


def by_scikit_learn(path: Path, pairs: bool) -> float:
    """The accuracy of a logistic regression that is fitted on the same training rows, on the same test rows."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    train, test = ([row for row in rows if row["set"] == part] for part in ("train", "test"))
    words = TfidfVectorizer(ngram_range=(1, 2 if pairs else 1))
    model = make_pipeline(words, LogisticRegression(max_iter=1000))
    model.fit([row["text"] for row in train], [row["y"] for row in train])
    return float(model.score([row["text"] for row in test], [row["y"] for row in test]))


@pytest.mark.parametrize("rows", [text_sets.topics(3000, seed=101), text_sets.reviews(3000, seed=102)])
def test_as_accurate_as_a_logistic_regression_of_tf_idf(rows: text_sets.Rows, nntrain: Command, tmp_path: Path) -> None:
    path = text_sets.write(tmp_path / "data.csv", rows)
    assert nntrain("fit", path, "--target", "y", "--out", "run", *SPLIT).code == 0
    assert accuracy("run") >= max(by_scikit_learn(path, pairs) for pairs in (False, True)) - 0.01


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Numbers, categories of two sorts, two texts with gaps, and a class."""
    lines = ["size,kind,code,first,second,y"]
    texts = zip(text_sets.reviews(300, seed=5), text_sets.tickets(300, seed=6), strict=True)
    for row, ((first, label), (second, _)) in enumerate(texts):
        lines.append(f"{row % 17},{'ab'[row % 2]},c{row % 40},{first if row % 9 else ''},{second},{label}")
    path = tmp_path / "mixed.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_texts_work_next_to_other_columns_in_every_command(nntrain: Command, mixed: Path) -> None:
    assert nntrain("fit", mixed, "--target", "y", "--out", "run", "--set", "train.epochs=3").code == 0
    modules = tomllib.loads(Path("run/config.toml").read_text())["model"]["modules"]
    assert [module["type"] for module in modules] == ["ParallelTable", "ConcatTable", "CAddTable"]
    parts = [part["type"] for part in modules[0]["modules"]]
    assert parts == ["Identity", "LookupTable", "SparseLinear", "SparseLinear"]

    checked = json.loads(nntrain("check", mixed, "--target", "y", "--json").out)
    columns = {column["name"]: column for column in checked["data"]["columns"]}
    assert (columns["first"]["type"], columns["first"]["id"]) == ("text", None)
    assert columns["first"]["becomes"].endswith(" words and pairs")

    assert nntrain("evaluate", "run").code == 0
    assert nntrain("show", "run").code == 0
    assert '# columns.first.type = "text"  # ' in nntrain("init", mixed, "--target", "y").out
    assert nntrain("predict", "run", mixed, "-o", "predicted.csv").code == 0
    assert len(Path("predicted.csv").read_text().splitlines()) == 301
    assert nntrain("convert", "run", "run.t7").code == 0


def test_a_run_of_its_config_and_a_resumed_run_are_the_same(nntrain: Command, mixed: Path) -> None:
    settings = ("--target", "y", "--set", "train.patience=0")
    assert nntrain("fit", mixed, *settings, "--set", "train.epochs=4", "--out", "whole").code == 0
    assert nntrain("fit", mixed, *settings, "--set", "train.epochs=2", "--out", "halves").code == 0
    assert nntrain("resume", "halves", "--set", "train.epochs=4").code == 0
    assert nntrain("fit", "whole/config.toml", "--out", "again").code == 0
    whole, halves, again = (Path(run, "metrics.jsonl").read_text() for run in ("whole", "halves", "again"))
    assert whole == halves == again


def test_onnx_refuses_texts_in_one_line(nntrain: Command, mixed: Path) -> None:
    nntrain("fit", mixed, "--target", "y", "--out", "run", "--set", "train.epochs=1")
    outcome = nntrain("convert", "run", "run.onnx")
    assert outcome.code != 0
    assert outcome.err == (
        "Error: run.onnx: column 'first' is free text, and ONNX has no operator to hash words; "
        "predict with nntrain, or train without the column\n"
    )
    assert not Path("run.onnx").exists()


@pytest.mark.parametrize(
    ("setting", "types"),
    [
        ("model.text_embedding=5", ["ParallelTable", "JoinTable", "Linear", "ReLU", "Linear", "ReLU", "Linear"]),
        ("data.ignore=['size', 'kind', 'code']", ["ParallelTable", "CAddTable"]),
    ],
)
def test_hidden_layers_get_an_embedding_on_request(
    setting: str, types: list[str], nntrain: Command, mixed: Path
) -> None:
    run = ("--target", "y", "--out", "run", "--set", "train.epochs=1", "--set", setting)
    assert nntrain("fit", mixed, *run, "--set", "data.text_features=7").code == 0
    modules = tomllib.loads(Path("run/config.toml").read_text())["model"]["modules"]
    assert [module["type"] for module in modules] == types
    sizes = [module["input_size"] for module in modules[0]["modules"] if module["type"] == "SparseLinear"]
    assert sizes == [7, 7]


def test_hidden_layers_of_texts_alone_get_an_embedding(nntrain: Command, mixed: Path) -> None:
    settings = ("--set", "model.hidden=[6]", "--set", "data.ignore=['size', 'kind', 'code']", "--set", "train.epochs=1")
    assert nntrain("fit", mixed, "--target", "y", "--out", "run", *settings).code == 0
    modules = tomllib.loads(Path("run/config.toml").read_text())["model"]["modules"]
    assert [module["type"] for module in modules] == ["ParallelTable", "JoinTable", "Linear", "ReLU", "Linear"]


def test_a_text_has_no_encoding_of_categories(nntrain: Command, mixed: Path) -> None:
    settings = ("--set", "data.columns.first.type='text'", "--set", "data.columns.first.encoding='index'")
    outcome = nntrain("fit", mixed, "--target", "y", *settings)
    assert outcome.code != 0
    assert "'encoding' is for categories: expected type = 'category', got 'text'" in outcome.err


def test_a_text_of_words_that_never_come_again_is_excluded(nntrain: Command, tmp_path: Path) -> None:
    rows = [f"{'w' * (row + 1)},{row % 5},{'ab'[row % 2]}" for row in range(60)]
    (tmp_path / "data.csv").write_text("\n".join(["words,x,y", *rows]) + "\n")
    outcome = nntrain("fit", "data.csv", "--target", "y", "--set", "data.columns.words.type='text'")
    assert outcome.code == 0
    assert "column 'words' is excluded: none of its words is in two training rows" in outcome.out + outcome.err
