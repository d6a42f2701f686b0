from __future__ import annotations

from math import inf, nan
from pathlib import Path

import pytest

from nntrain.config.load import build_config, load_config
from nntrain.config.spec_checks import SpecChecks
from nntrain.config.toml import format_toml

DATA = {"path": "/x.csv"}
AWKWARD = "a \"b\" 'c' \\d \n\r\n\t\x00\x1f\x7f é 漢 🙂 # = [ ] \"\"\" ''' "
NESTED = {
    "type": "Sequential",
    "modules": [
        {"type": "ConcatTable", "modules": [{"type": "Tanh"}, {"type": "Sequential", "modules": []}]},
        {"type": "Linear", "output_size": 3, "bias": False, "size": [[1, 2], [3]], "scale": -0.0},
    ],
}

TREES = [
    {"data": DATA},
    {"name": AWKWARD, "data": {**DATA, "target": AWKWARD, "ignore": [AWKWARD, ""], "validation": 1e-8, "test": 0}},
    {"data": {**DATA, "columns": {AWKWARD: {"type": "time"}, "": {}, "a.b": {"encoding": "index"}}}},
    {"data": DATA, "model": {"modules": [NESTED, {"type": "Tanh"}], "weight_init": "he", "dtype": "float64"}},
    {"data": DATA, "model": {"hidden": [], "activation": "Tanh", "dropout": 0.1}},
    {"data": DATA, "criterion": {"type": "C", "weights": [0.1, inf, -inf], AWKWARD: {"x": {}}}},
    {"data": DATA, "optimizer": {"type": "sgd", "learning_rate": 1e-8, "momentum": 2**70, "alpha": 1e300}},
    {"data": DATA, "train": {"epochs": 7, "patience": 0, "checkpoint_every": "1epoch"}},
]


LENIENT = SpecChecks(name=False, specs=False)


@pytest.mark.parametrize("tree", TREES)
def test_a_dumped_config_loads_as_an_equal_one(tree: dict[str, object], tmp_path: Path) -> None:
    config = build_config(tree, checks=LENIENT)
    file = tmp_path / "config.toml"
    file.write_text(format_toml(config.model_dump()), encoding="utf-8", newline="")
    assert load_config(file, checks=LENIENT) == config


def test_nan_survives(tmp_path: Path) -> None:
    config = build_config({"data": DATA, "optimizer": {"alpha": nan}}, checks=LENIENT)
    file = tmp_path / "config.toml"
    file.write_text(format_toml(config.model_dump()), encoding="utf-8")
    assert repr(load_config(file, checks=LENIENT)) == repr(config)


def test_what_is_none_is_not_written() -> None:
    assert format_toml({"name": None, "train": {"epochs": None, "seed": 1}}) == "[train]\nseed = 1\n"
