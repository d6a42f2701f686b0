from __future__ import annotations

import pytest

from nntrain.config.load import build_config
from nntrain.config.override import Override
from nntrain.errors import ConfigError

TEXT = """[data]
path = "x.csv"
[train]
epochs = 3
"""

PARSED = {
    "train.epochs=20": (("train", "epochs"), 20),
    "train.epochs = 20": (("train", "epochs"), 20),
    'data.ignore=["alive", "who"]': (("data", "ignore"), ["alive", "who"]),
    "data.target=income": (("data", "target"), "income"),
    "data.target=a b": (("data", "target"), "a b"),
    "data.target=it's": (("data", "target"), "it's"),
    "data.target=a=b": (("data", "target"), "a=b"),
    'data.target="1"': (("data", "target"), "1"),
    "data.target=": (("data", "target"), ""),
    "data.target=1 # one": (("data", "target"), "1 # one"),
    "data.target=1\nx = 2": (("data", "target"), "1\nx = 2"),
    "data.target=1, x = 2": (("data", "target"), "1, x = 2"),
    "data.target=1}": (("data", "target"), "1}"),
    "data.target=__import__('os')": (("data", "target"), "__import__('os')"),
    "data.delimiter=,": (("data", "delimiter"), ","),
    "data.delimiter=\t": (("data", "delimiter"), "\t"),
    "data.path=2024.csv": (("data", "path"), "2024.csv"),
    "model.hidden=[64,64]": (("model", "hidden"), [64, 64]),
    "data.header=true": (("data", "header"), True),
    "optimizer.learning_rate=1e-3": (("optimizer", "learning_rate"), 1e-3),
    "model.modules[0].modules[12].bias=false": (("model", "modules", 0, "modules", 12, "bias"), False),
    'data.columns."a b".type=category': (("data", "columns", "a b", "type"), "category"),
    "data.columns.a b.type=category": (("data", "columns", "a b", "type"), "category"),
    "data.columns.'a.b = [0]'.type=category": (("data", "columns", "a.b = [0]", "type"), "category"),
    'data.columns."\\u00e9\\"".type=category': (("data", "columns", 'é"', "type"), "category"),
    "data.columns.größe.type=number": (("data", "columns", "größe", "type"), "number"),
    'data.columns={a = {type = "time"}}': (("data", "columns"), {"a": {"type": "time"}}),
}

PROBLEMS = {
    "train.epoch=20": "train.epoch: unknown key; did you mean 'epochs'?",
    "trian.epochs=20": "trian: unknown section; did you mean 'train'?",
    "epochs=20": "epochs: unknown key; did you mean 'train.epochs'?",
    "train.epochs=ten": "train.epochs: expected an integer, got 'ten'",
    "data.target=1": "data.target: expected a quoted string, or a list of them, got 1",
    'data.columns={a = {typ = "time"}}': "data.columns.a.typ: unknown key; did you mean 'type'?",
    "model.activation=Relu": "model.activation: unknown module 'Relu'; did you mean 'ReLU'?",
    "optimizer.type=adm": "optimizer.type: unknown optimizer 'adm'; did you mean 'adam'?",
    "train": "expected section.key=value, e.g. train.epochs=20",
    "": "expected section.key=value, e.g. train.epochs=20",
    "=3": "expected section.key=value, e.g. train.epochs=20",
    "train..epochs=3": "expected section.key=value, e.g. train.epochs=20",
    "[0].x=3": "expected section.key=value, e.g. train.epochs=20",
    'data."\\q".x=3': 'expected a valid TOML key, got data."\\q".x',
    "data.path.x=3": "data.path is not a table, so it has no key 'x'",
    "data.path[0]=3": "data.path is not a list, so it has no element [0]",
    "model.modules[0].bias=true": "model.modules is not a list, so it has no element [0]",
}


@pytest.mark.parametrize(("text", "expected"), PARSED.items())
def test_an_override_is_a_key_and_a_typed_value(text: str, expected: tuple[object, object]) -> None:
    override = Override.parse(text)
    assert (override.path, override.value) == expected
    assert type(override.value) is type(expected[1])


@pytest.mark.parametrize(("text", "problem"), PROBLEMS.items())
def test_a_wrong_override_is_named_in_place_of_a_line(problems_of, text: str, problem: str) -> None:
    assert problems_of(TEXT, text) == (f"--set {text}: {problem}",)


def test_an_index_is_inside_its_list(problems_of) -> None:
    text = TEXT + '[[model.modules]]\ntype = "Tanh"\n'
    assert problems_of(text, "model.modules[0].type=ReLU") == ()
    assert problems_of(text, "model.modules[0]={type = 'ReLU'}") == ()
    assert problems_of(text, "model.modules[1].type=ReLU") == (
        "--set model.modules[1].type=ReLU: model.modules has no element [1], only 1 from [0]",
    )


def test_problems_of_the_file_and_of_every_override_come_together(problems_of) -> None:
    text = TEXT + "patience = -1\n"
    assert problems_of(text, "train.keep=no", "nonsense", "data.x=1") == (
        "c.toml:5: train.patience: expected at least 0, got -1",
        "--set data.x=1: data.x: unknown key",
        "--set train.keep=no: train.keep: expected an integer, got 'no'",
        "--set nonsense: expected section.key=value, e.g. train.epochs=20",
    )


def test_an_override_heals_a_wrong_value_of_the_file(problems_of) -> None:
    assert problems_of(TEXT.replace("3", '"ten"'), "train.epochs=20") == ()


def test_the_last_of_two_overrides_holds() -> None:
    tree = {"data": {"path": "x.csv"}}
    assert build_config(tree, ["train.epochs=20", "train.epochs=30"]).train.epochs == 30


def test_an_override_that_does_not_fit_changes_nothing() -> None:
    tree = {"data": {"path": "x.csv"}}
    for text in ("model.modules[0].bias=true", "data.path.x=1"):
        with pytest.raises(ConfigError):
            Override.parse(text).apply_to(tree)
    assert tree == {"data": {"path": "x.csv"}}
