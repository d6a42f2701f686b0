from __future__ import annotations

import tomllib
from math import inf, nan
from pathlib import Path

import numpy as np
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


# A network with everything that has a layout of its own.
TABULAR = {
    "type": "Sequential",
    "frozen": True,
    "modules": [
        {"type": "SelectColumns", "columns": list(range(100))},
        {"type": "PiecewiseLinearEncoding", "edges": [[-1.5, 0.0, 1e-9, 1234567.8], [0.1, 2 / 3], [-inf, 1e300]]},
        {"type": "Blend", "activation": {"type": "SiLU"}, "names": [AWKWARD] * 3, "empty": [], "none": {}},
    ],
}
TREES.append({"data": DATA, "model": {"modules": [TABULAR, TABULAR]}})

LENIENT = SpecChecks(name=False, specs=False)


@pytest.mark.parametrize("tree", TREES)
def test_a_dumped_config_loads_as_an_equal_one(tree: dict[str, object], tmp_path: Path) -> None:
    config = build_config(tree, checks=LENIENT)
    file = tmp_path / "config.toml"
    file.write_text(format_toml(config.model_dump()), encoding="utf-8", newline="")
    assert load_config(file, checks=LENIENT) == config


def test_a_network_has_a_line_for_each_module_and_each_column_of_edges() -> None:
    modules = [
        {"type": "Sequential", "modules": [{"type": "Tanh"}], "frozen": True},
        {"type": "Linear", "learning_rate_factor": {"bias": 0.1}},
        {"type": "PiecewiseLinearEncoding", "edges": [[-1.5, 0.25], [0, 10.0, 12.5]]},
        {"type": "SelectColumns", "columns": list(range(1000, 1030))},
    ]
    assert format_toml({"model": {"modules": modules, "dtype": "float32"}, "train": {"metrics": ["f1"]}}) == (
        """[model]
modules = [
    { type = "Sequential", frozen = true, modules = [
        { type = "Tanh" },
    ] },
    { type = "Linear", learning_rate_factor = { bias = 0.1 } },
    { type = "PiecewiseLinearEncoding", edges = [
        [-1.5, 0.25],
        [   0, 10.0, 12.5],
    ] },
    { type = "SelectColumns", columns = [
        1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1017,
        1018, 1019, 1020, 1021, 1022, 1023, 1024, 1025, 1026, 1027, 1028, 1029,
    ] },
]
dtype = "float32"

[train]
metrics = ["f1"]
"""
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_written_numbers_are_short_and_read_back_the_same(dtype: type[np.float32 | np.float64]) -> None:
    numbers = np.random.default_rng(0).normal(size=(20, 3)).astype(dtype)
    edges = [[float(str(number)) for number in row] for row in numbers]
    text = format_toml({"modules": [{"type": "PiecewiseLinearEncoding", "edges": edges}]})
    found = tomllib.loads(text)["modules"][0]["edges"]
    assert found == edges
    np.testing.assert_array_equal(np.array(found, dtype), numbers)
    assert max(map(len, text.splitlines())) <= (50 if dtype is np.float32 else 80)


def test_nan_survives(tmp_path: Path) -> None:
    config = build_config({"data": DATA, "optimizer": {"alpha": nan}}, checks=LENIENT)
    file = tmp_path / "config.toml"
    file.write_text(format_toml(config.model_dump()), encoding="utf-8")
    assert repr(load_config(file, checks=LENIENT)) == repr(config)


def test_what_is_none_is_not_written() -> None:
    assert format_toml({"name": None, "train": {"epochs": None, "seed": 1}}) == "[train]\nseed = 1\n"
