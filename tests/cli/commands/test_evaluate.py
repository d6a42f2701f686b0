"""What ``nntrain evaluate`` tells: metrics by name or table, classes one by one, and JSON that every reader takes."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from nntrain.cli.tables import format_class_tables

Command = Callable[..., Any]


@pytest.fixture
def trained(nntrain: Command, iris: Path) -> str:
    assert nntrain("fit", iris, "--target", "species", "--set", "train.epochs=2").code == 0
    return "runs/iris"


def truth_and_prediction(nntrain: Command, trained: str, data: Path) -> tuple[list[str], list[str]]:
    """The classes of a file, and those predicted for it."""
    rows = list(csv.DictReader(data.read_text().splitlines()))
    said = list(csv.DictReader(nntrain("predict", trained, data).out.splitlines()))
    return [row["species"] for row in rows], [next(iter(row.values())) for row in said]


def test_the_tables_of_the_classes_are_those_of_scikit_learn(nntrain: Command, trained: str, iris: Path) -> None:
    t, y = truth_and_prediction(nntrain, trained, iris)
    told = json.loads(nntrain("evaluate", trained, iris, "--json").out)
    classes = sorted(set(t))
    matrix = confusion_matrix(t, y, labels=classes)
    assert told["confusion_matrix"] == {
        true: dict(zip(classes, map(int, row), strict=True)) for true, row in zip(classes, matrix, strict=True)
    }
    for index, wanted in enumerate(zip(*precision_recall_fscore_support(t, y, labels=classes), strict=True)):
        row = told["per_class"][classes[index]]
        got = [row[name] for name in ("precision", "recall", "f1", "support")]
        assert got == pytest.approx(list(wanted))


def test_metrics_are_named_or_given_as_tables(nntrain: Command, trained: str, iris: Path) -> None:
    t, y = truth_and_prediction(nntrain, trained, iris)
    micro = '{type = "f1", average = "micro"}'
    told = json.loads(nntrain("evaluate", trained, iris, "--metric", "f1", "--metric", micro, "--json").out)
    assert set(told) == {"run", "data", "rows", "loss", "f1", "f1_micro"}
    assert told["f1"] == pytest.approx(f1_score(t, y, average="macro"))
    assert told["f1_micro"] == pytest.approx(f1_score(t, y, average="micro"))


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ("acuracy", "did you mean 'accuracy'"),
        ("r2", "'r2' is for regression"),
        ("{average = 'micro'}", "type"),
        ('{type = "f1", average = "mikro"}', "average"),
        ('{type = "top_k", k = 0}', "k"),
        ("{type =", "--metric"),
    ],
)
def test_a_metric_that_is_wrong_is_one_line(nntrain: Command, trained: str, iris: Path, metric: str, told: str) -> None:
    outcome = nntrain("evaluate", trained, iris, "--metric", metric)
    assert outcome.code == 2
    assert outcome.out == ""
    assert len(outcome.err.splitlines()) == 1
    assert told in outcome.err


def test_a_score_that_is_not_defined_is_null(nntrain: Command, tmp_path: Path) -> None:
    rows = ["x,y", *(f"{n * 7 % 60 / 10},{'yes' if n % 3 else 'no'}" for n in range(60))]
    Path("two.csv").write_text("\n".join(rows))
    assert nntrain("fit", "two.csv", "--target", "y", "--set", "train.epochs=1").code == 0
    Path("one.csv").write_text("x,y\n1,yes\n2,yes\n")
    outcome = nntrain("evaluate", "runs/two", "one.csv", "--json")
    assert json.loads(outcome.out, parse_constant=pytest.fail)["roc_auc"] is None
    _, _, names, figures, *_ = nntrain("evaluate", "runs/two", "one.csv").out.splitlines()
    assert dict(zip(names.split(), figures.split(), strict=True))["roc_auc"] == "-"


def test_small_tables_are_shown_whole() -> None:
    matrix = {"a": {"a": 3, "b": 1}, "b": {"a": 0, "b": 2}}
    (text,) = format_class_tables({"loss": 0.5, "confusion_matrix": matrix})
    assert [line.split() for line in text.splitlines()[1:]] == [["a", "b"], ["a", "3", "1"], ["b", "0", "2"]]


def test_of_a_large_matrix_the_largest_confusions_are_listed() -> None:
    names = [f"class {n}" for n in range(40)]
    matrix = {t: {y: 100 * (t == y) for y in names} for t in names}
    matrix["class 3"]["class 8"] = 7
    matrix["class 9"]["class 1"] = 9
    (text,) = format_class_tables({"confusion_matrix": matrix})
    lines = text.splitlines()
    assert "the largest of 2 confusions" in lines[0]
    assert ["class 9" in lines[2], "class 3" in lines[3]] == [True, True]
    per_class = {name: {"precision": 1.0} for name in names}
    (text,) = format_class_tables({"per_class": per_class})
    assert text.endswith("... and 10 more: --json prints all")
