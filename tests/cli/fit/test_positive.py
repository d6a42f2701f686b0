"""The positive class, the way of a user: fit, check, evaluate, predict, show."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Command = Callable[..., Any]

METRICS = '["precision", "recall", "f1", "roc_auc", "pr_auc"]'


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """300 rows of which some 15 % are fraud, which comes before ok in order."""
    x = np.random.default_rng(0).normal(size=(300, 3))
    fraud = x[:, 0] + x[:, 1] + 0.7 * x[:, 2] > 1.3
    lines = ["a,b,y", *(f"{a:.4f},{b:.4f},{'fraud' if bad else 'ok'}" for (a, b, _), bad in zip(x, fraud, strict=True))]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def by_hand(rows: list[dict[str, str]], predicted: list[dict[str, str]], positive: str) -> dict[str, float]:
    """Scores of the positive class from the columns of a table of predictions."""
    truth = np.array([row["y"] == positive for row in rows])
    said = np.array([row["y"] == positive for row in predicted])
    p = np.array([float(row[f"p({positive})"]) for row in predicted])
    hits = (truth & said).sum()
    above = (p[truth][:, None] > p[~truth]).mean() + (p[truth][:, None] == p[~truth]).mean() / 2
    order = np.argsort(-p)
    assert len(set(p)) == len(p)
    precision = np.cumsum(truth[order]) / np.arange(1, len(p) + 1)
    return {
        "precision": hits / said.sum(),
        "recall": hits / truth.sum(),
        "f1": 2 * hits / (said.sum() + truth.sum()),
        "roc_auc": above,
        "pr_auc": precision[truth[order]].mean(),
    }


@pytest.mark.parametrize("positive", ["fraud", "ok"])
def test_scores_and_columns_are_those_of_the_chosen_class(nntrain: Command, rows: Path, positive: str) -> None:
    outcome = nntrain("fit", rows, "--positive", positive, "--set", f"train.metrics={METRICS}",
                      "--set", "train.epochs=5", "--set", "model.hidden=[8]", "--out", "run")  # fmt: skip
    assert outcome.code == 0, outcome.err
    other = {"fraud": "ok", "ok": "fraud"}[positive]
    note = f"Note: the positive class is '{positive}', set by data.positive; the other is '{other}'"
    assert note in outcome.out
    predicted = list(csv.DictReader(nntrain("predict", "run", rows).out.splitlines()))
    assert list(predicted[0]) == ["y", f"p({other})", f"p({positive})"]
    scored = json.loads(nntrain("evaluate", "run", rows, "--json").out)
    expected = by_hand(list(csv.DictReader(rows.read_text().splitlines())), predicted, positive)
    assert {name: scored[name] for name in expected} == pytest.approx(expected, abs=1e-6)
    assert f"predicts the class 'y': {other}, {positive}; positive: {positive}" in nntrain("show", "run").out


def test_a_key_says_the_same_as_the_option_and_numbers_need_no_quotes(nntrain: Command, rows: Path) -> None:
    told = nntrain("check", rows, "--set", "data.positive=fraud").out
    assert "Note: the positive class is 'fraud', set by data.positive; the other is 'ok'" in told
    assert "Note: the positive class is 'ok', the second of 'fraud' and 'ok'" in nntrain("check", rows).out
    rows.write_text(rows.read_text().replace("fraud", "0").replace("ok", "1"))
    told = nntrain("check", rows, "--set", "data.positive=0").out
    assert "Note: the positive class is '0', set by data.positive; the other is '1'" in told
    outcome = nntrain("check", rows, "--set", "data.positive=[0]")
    assert outcome.code == 2
    assert "data.positive: expected a value, or a TOML table of values by column" in outcome.err


def test_an_unknown_value_is_refused_with_the_nearest(nntrain: Command, rows: Path) -> None:
    outcome = nntrain("fit", rows, "--positive", "fruad")
    assert outcome.code == 3
    expected = "target 'y': data.positive: expected 'fraud' or 'ok', got 'fruad'; did you mean 'fraud'?"
    assert outcome.err.strip().endswith(expected)


def test_an_average_that_is_not_the_usual_one_is_part_of_the_name(nntrain: Command, rows: Path) -> None:
    both = 'train.metrics=["f1", {type = "f1", average = "macro"}]'
    outcome = nntrain("fit", rows, "--positive", "fraud", "--set", both, "--set", "train.epochs=1", "--out", "run")
    assert outcome.code == 0, outcome.err
    assert {"f1", "f1_macro"} <= set(json.loads(nntrain("evaluate", "run", rows, "--json").out))
    outcome = nntrain("fit", rows, "--set", both)
    assert (outcome.code, "'f1' is listed twice; remove one of the two" in outcome.err) == (2, True)


def test_names_of_classes_are_printed_exactly_and_on_one_line(nntrain: Command, rows: Path) -> None:
    rows.write_text(rows.read_text().replace("fraud", '"no, not\nthat"').replace("ok", '"a, b"'))
    told = nntrain("fit", rows, "--set", "train.epochs=1", "--out", "run").out
    assert "Note: the positive class is 'no, not\\nthat', the second of 'a, b' and 'no, not\\nthat'" in told
    assert "classes in the training rows: 'a, b' (" in told
    scored = json.loads(nntrain("evaluate", "run", rows, "--json").out)
    assert list(scored["per_class"]) == ["a, b", "no, not\nthat"]
    lines = nntrain("evaluate", "run", rows).out.splitlines()
    assert sum(line.startswith("'no, not\\nthat'") for line in lines) == 2
    assert "predicts the class 'y': 'a, b', 'no, not\\nthat'; positive: 'no, not\\nthat'" in nntrain("show", "run").out
    predicted = list(csv.DictReader(nntrain("predict", "run", rows).out.splitlines(keepends=True)))
    assert {row["y"] for row in predicted} <= {"a, b", "no, not\nthat"}
    assert list(predicted[0]) == ["y", "p(a, b)", "p(no, not\nthat)"]


def test_an_integer_names_a_class_that_is_written_with_a_point(nntrain: Command, rows: Path) -> None:
    rows.write_text(rows.read_text().replace("fraud", "0.0").replace("ok", "1.0"))
    told = nntrain("check", rows, "--set", "data.task=classification", "--set", "data.positive=0").out
    assert "the positive class is '0.0', set by data.positive; the other is '1.0'" in told
