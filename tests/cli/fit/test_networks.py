"""Networks from one form of file into another, without the preprocessing of rows, and as the beginning of a run."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import nntrain as package
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.exchange import ExchangeNetwork
from nntrain.nn import Module, build, manual_seed
from nntrain.training.inference.raw_network import build_raw_tree

Command = Callable[..., Any]


def made(*modules: dict[str, Any]) -> Module:
    manual_seed(3)
    model: Module = build({"type": "Sequential", "modules": list(modules)}, "module")
    return model.double()


def linear(inputs: int, outputs: int) -> dict[str, Any]:
    return {"type": "Linear", "input_size": inputs, "output_size": outputs}


@pytest.fixture
def classifier(tmp_path: Path) -> Module:
    """A network for rows of four numbers, in doubles, in bare.h5."""
    model = made(linear(4, 5), {"type": "Tanh"}, linear(5, 3), {"type": "LogSoftMax"})
    write_checkpoint(tmp_path / "bare.h5", build_raw_tree(ExchangeNetwork(model)))
    return model.double()


@pytest.fixture
def rows(tmp_path: Path) -> np.ndarray[Any, Any]:
    x = np.random.default_rng(1).normal(size=(7, 4))
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        file["inputs"] = x
    return x


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.usefixtures("classifier")
def test_it_is_shown_with_what_is_known(nntrain: Command) -> None:
    shown = nntrain("show", "bare.h5")
    assert shown.code == 0, shown.err
    assert "Linear(4 -> 5)" in shown.out
    assert "43 parameters; criterion not recorded; predicts raw outputs" in shown.out
    assert json.loads(nntrain("show", "bare.h5", "--json").out)["predicts"] is None


def test_behind_a_log_softmax_rows_get_classes(
    nntrain: Command, classifier: Module, rows: np.ndarray[Any, Any]
) -> None:
    told = nntrain("predict", "bare.h5", "rows.h5")
    assert told.code == 0, told.err
    y = np.exp(classifier.forward(rows))
    for line, p in zip(table(told.out), y, strict=True):
        assert line["class"] == str(p.argmax() + 1)
        assert [float(line[f"p({label})"]) for label in (1, 2, 3)] == pytest.approx(list(p), abs=1e-14)


def test_other_outputs_come_as_they_are(nntrain: Command, tmp_path: Path, rows: np.ndarray[Any, Any]) -> None:
    twice = {"type": "ConcatTable", "modules": [linear(4, 2), {"type": "Sum", "dim": 1}]}
    model = made(twice)
    write_checkpoint(tmp_path / "table.h5", build_raw_tree(ExchangeNetwork(model)))
    np.savetxt(tmp_path / "rows.csv", rows, delimiter=",", header="a,b,c,d", comments="", fmt="%.17g")
    y = model.forward(rows)
    for file in ("rows.h5", "rows.csv"):
        told = table(nntrain("predict", "table.h5", file).out)
        assert list(told[0]) == ["y[0][0]", "y[0][1]", "y[1]"]
        assert [float(line["y[0][1]"]) for line in told] == list(y[0][:, 1])
        assert [float(line["y[1]"]) for line in told] == list(y[1])


@pytest.mark.usefixtures("classifier")
def test_rows_that_do_not_fit_are_reported(nntrain: Command, tmp_path: Path) -> None:
    (tmp_path / "text.csv").write_text("a,b\n1,x\n2,y\n")
    told = nntrain("predict", "bare.h5", "text.csv")
    assert (told.code, told.out) == (3, "")
    assert "expected columns of numbers, got 'b' of type text: the network has no preprocessing" in told.err
    (tmp_path / "few.csv").write_text("a,b\n1,2\n2,3\n")
    told = nntrain("predict", "bare.h5", "few.csv")
    assert told.code == 3
    assert "few.csv: the network does not accept rows of shape (2,)" in told.err
    assert told.err.count("\n") == 1


@pytest.mark.usefixtures("classifier")
def test_it_has_no_targets_to_be_scored_on(nntrain: Command, iris: Path) -> None:
    told = nntrain("evaluate", "bare.h5", iris)
    assert told.code == 2
    assert "the network has no target and no preprocessing" in told.err


def test_it_is_converted_and_loaded(nntrain: Command, classifier: Module, rows: np.ndarray[Any, Any]) -> None:
    assert nntrain("convert", "bare.h5", "again.h5").out == "Wrote a network of 43 parameters to again.h5.\n"
    again = package.load("again.h5")
    again.evaluate()
    np.testing.assert_array_equal(again.forward(rows), classifier.forward(rows))
    assert "file exists; use --force to overwrite it" in nntrain("convert", "bare.h5", "again.h5").err
    told = nntrain("convert", "bare.h5", "again.pkl")
    assert told.code == 2
    assert "expected a name that ends in one of .h5" in told.err


def test_a_run_goes_on_from_a_network(nntrain: Command, classifier: Module, iris: Path) -> None:
    settings = ("--set", "train.epochs=1", "--set", "optimizer.type='sgd'", "--set", "optimizer.learning_rate=0")
    begun = nntrain("fit", iris, "--set", "model.from='bare.h5'", *settings, "--out", "run")
    assert begun.code == 0, begun.err
    tree = read_checkpoint(Path("run") / "best.h5")
    assert tree["criterion"]["type"] == "ClassNLLCriterion"
    model = package.load("run")
    assert model.type() == "float32"
    for ours, theirs in zip(model.parameters()[0], classifier.parameters()[0], strict=True):
        np.testing.assert_array_equal(ours, theirs.astype(np.float32))
    assert 'bare.h5"' in Path("run/config.toml").read_text()
    again = nntrain("fit", "run/config.toml", "--out", "again")
    assert again.code == 0, again.err
    assert Path("again/metrics.jsonl").read_bytes() == Path("run/metrics.jsonl").read_bytes()
    Path("bare.h5").unlink()
    assert nntrain("resume", "run", "--set", "train.epochs=2").code == 0


def test_a_run_puts_other_modules_behind_it(nntrain: Command, classifier: Module, tmp_path: Path) -> None:
    x = np.random.default_rng(2).normal(size=(60, 4)).round(2)
    lines = [f"{a},{b},{c},{d},{'uvwxy'[row % 5]}" for row, (a, b, c, d) in enumerate(x)]
    (tmp_path / "five.csv").write_text("\n".join(["a,b,c,d,kind", *lines]) + "\n")
    told = nntrain("fit", "five.csv", "--set", "model.from='bare.h5'")
    assert told.code == 2
    assert "expected 5 outputs per row, got outputs of shape (3,)" in told.err
    tail = 'model.modules=[{type="Tanh"}, {type="Linear"}]'
    changed = ("--set", "model.from='bare.h5'", "--set", "model.drop_last=2", "--set", tail, "--set", "train.epochs=2")
    fitted = nntrain("fit", "five.csv", *changed, "--out", "run")
    assert fitted.code == 0, fitted.err
    assert [type(module).__name__ for module in package.load("run").children()] == ["Linear", "Tanh", "Tanh", "Linear"]
    checked = nntrain("check", "run/config.toml")
    assert checked.code == 0, checked.err
    assert "Linear(5 -> 5)" in checked.out


@pytest.mark.usefixtures("classifier")
@pytest.mark.parametrize(
    ("settings", "what"),
    [
        (["model.from='nowhere.h5'"], "nowhere.h5: no such run folder or checkpoint"),
        (["model.from='bare.h5'", "model.hidden=[3]"], "hidden conflicts with from"),
        (["model.drop_last=1"], "drop_last requires from"),
        (["model.from='bare.h5'", "model.drop_last=9"], "expected at most 4 modules as in "),
        (["model.from='bare.h5'", "data.ignore=['petal_width']"], "the network does not accept the rows"),
    ],
)
def test_what_cannot_be_gone_on_from_is_reported(nntrain: Command, iris: Path, settings: list[str], what: str) -> None:
    told = nntrain("fit", iris, *(part for text in settings for part in ("--set", text)))
    assert told.code == 2
    assert what in told.err
    assert sum(line.startswith("Error") for line in told.err.splitlines()) == 1
