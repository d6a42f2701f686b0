"""Criterions and modules of a plugin, read as they or their bases declare: by fit, predict, evaluate and convert."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.training.inference.network_loading import load_trained_network
from tests.onnx.asked import agree
from tests.onnx.running import session

Said = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[[str, str], None]) -> None:
    install("nntrain-forms", "tests.plugins.own_forms")
    monkeypatch.chdir(tmp_path)
    draw = np.random.default_rng(0)
    lines = ["a,b,town,hot,kind,wet,size"]
    for a, b in draw.normal(size=(160, 2)):
        kind = ["low", "middle", "high"][int(np.digitize(a, [-0.5, 0.5]))]
        lines.append(f"{a:.3f},{b:.3f},t{int(b > 0)},{'yes' if a > 0 else 'no'},{kind},{int(b > 0)},{a + b:.3f}")
    Path("rows.csv").write_text("\n".join(lines) + "\n")


TAIL = '{type="Linear"}'
SIGMOID, SOFTMAX = (f'model.modules=[{TAIL}, {{type="{name}"}}]' for name in ("Sigmoid", "SoftMax"))
CASES = {
    "subclass of BCE": ("hot", "RenamedBCE", SIGMOID, 1),
    "own form": ("hot", "Brier", SIGMOID, 1),
    "own form of classes": ("kind", "ClassBrier", SOFTMAX, 3),
    "subclass of NLL": ("kind", "RenamedNLL", f'model.modules=[{TAIL}, {{type="RenamedLogSoftMax"}}]', 3),
}


def fit(said: Said, target: str, *settings: str) -> tuple[int, str]:
    rest = [name for name in ("hot", "kind", "wet", "size", "town") if name != target]
    sets = [
        word for setting in ("train.epochs=2", "data.number_scaling=standard", *settings) for word in ("--set", setting)
    ]
    return said("fit", "rows.csv", "--target", target, "--set", f"data.ignore={rest}", *sets, "--out", "run")


@pytest.mark.parametrize("case", CASES)
def test_probabilities_are_what_the_network_gives(said: Said, case: str) -> None:
    target, name, modules, outputs = CASES[case]
    code, text = fit(said, target, f'criterion.type="{name}"', modules)
    assert code == 0, text
    assert said("predict", "run", "rows.csv", "--out", "p.csv")[0] == 0
    network = load_trained_network(Path("run"))
    with open("p.csv", newline="") as file:
        predicted = list(csv.DictReader(file))
    labels = network.preprocessor.target.labels
    p = np.array([[float(row[f"p({label})"]) for label in labels] for row in predicted])
    y = np.concatenate([block.copy() for block in network.iterate_outputs(inputs(network))])
    assert y.shape[1] == outputs
    wanted = y if outputs == 3 else np.concatenate([1 - y, y], axis=1)
    if name == "RenamedNLL":
        wanted = np.exp(y)
    np.testing.assert_allclose(p, wanted, rtol=0, atol=1e-6)
    assert [row[target] for row in predicted] == [labels[index] for index in wanted.argmax(1)]
    np.testing.assert_allclose(p.sum(1), 1, atol=1e-5)
    assert said("evaluate", "run", "rows.csv")[0] == 0
    assert said("convert", "run", "run.onnx")[0] == 0
    agree(session("run.onnx"), Path("rows.csv"))


def inputs(network: Any) -> Any:
    """The two columns of numbers, standardized by hand with what the schema learned."""
    with open("rows.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    states = network.preprocessor.state()["columns"]
    columns = [[(float(row[state["name"]]) - state["mean"]) / state["std"] for row in rows] for state in states]
    return np.clip(np.array(columns).T, [s["low"] for s in states], [s["high"] for s in states]).astype(np.float32)


@pytest.mark.parametrize("target", ["hot", "kind"])
def test_a_criterion_that_declares_no_form_is_refused_for_classes(said: Said, target: str) -> None:
    code, text = fit(said, target, 'criterion.type="Undeclared"')
    assert code == 2
    assert "criterion.type: expected a criterion whose output_form is " in text
    assert "got Undeclared with 'values'" in text
    assert text.count("Error: ") == 1
    assert text.endswith("; choose another, or declare output_form in its class\n")


def test_a_criterion_that_declares_no_form_is_one_of_values(said: Said) -> None:
    code, text = fit(said, "size", 'criterion.type="Undeclared"')
    assert code == 0, text


@pytest.mark.parametrize(
    ("modules", "criterion"),
    [
        ('{type="RenamedLogSoftMax"}', "ClassNLLCriterion"),
        ('{type="Chain", modules=[{type="RenamedLogSoftMax"}]}', "ClassNLLCriterion"),
        ('{type="DoubleTanh"}', "CrossEntropyCriterion"),
    ],
)
def test_the_usual_criterion_follows_from_what_the_last_module_gives(said: Said, modules: str, criterion: str) -> None:
    code, text = fit(said, "kind", f"model.modules=[{TAIL}, {modules}]")
    assert code == 0, text
    assert f'type = "{criterion}"' in Path("run/config.toml").read_text()


def test_a_network_may_begin_with_a_subclass_of_what_takes_a_table(said: Said) -> None:
    entrance = '{type="Entrance", modules=[{type="Identity"}, {type="LookupTable", n_index=4, n_output=2}]}'
    rest = '["kind", "wet", "size"]'
    code, text = said(
        *("fit", "rows.csv", "--target", "hot", "--out", "run", "--set", "train.epochs=1"),
        *("--set", f"data.ignore={rest}", "--set", 'data.columns.town.encoding="index"'),
        *("--set", f'model.modules=[{entrance}, {{type="JoinTable", dim=1}}, {TAIL}]'),
    )
    assert code == 0, text
    network = load_trained_network(Path("run"))
    assert [type(module).__name__ for module in network.model.children()] == ["Entrance", "JoinTable", "Linear"]


def test_a_network_that_ends_in_a_subclass_predicts_classes_without_preprocessing(said: Said) -> None:
    from nntrain.checkpoint.writing import write_checkpoint
    from nntrain.exchange import ExchangeNetwork
    from nntrain.nn import build
    from nntrain.training.inference.raw_network import build_raw_tree

    linear = {"type": "Linear", "input_size": 2, "output_size": 3}
    chain = {"type": "Chain", "modules": [linear, {"type": "RenamedLogSoftMax"}]}
    model = build(chain, "module")
    write_checkpoint(Path("net.h5"), build_raw_tree(ExchangeNetwork(model)))
    Path("new.csv").write_text("a,b\n0.5,1.5\n-1,2\n")
    assert said("predict", "net.h5", "new.csv", "--out", "p.csv")[0] == 0
    with open("p.csv", newline="") as file:
        row = next(csv.DictReader(file))
    scores = np.array([0.5, 1.5]) @ model.get(0).weight.T + model.get(0).bias
    p = np.exp(scores) / np.exp(scores).sum()
    assert row["class"] == str(int(p.argmax()) + 1)
    np.testing.assert_allclose([float(row[f"p({n})"]) for n in (1, 2, 3)], p, atol=1e-6)
